//! The forms in which technology changes hands (Law on Technology Transfer 07/2017/QH14, art. 5 and 6).

use crate::kernel::text_enum;

text_enum! {
    /// A form of transfer or cooperation.
    pub enum TransferForm {
        /// Ownership passes to the transferee.
        Assignment = "assignment",
        /// Only the transferee may use it.
        ExclusiveLicence = "exclusive_licence",
        /// The transferee may use it, as others may.
        NonExclusiveLicence = "non_exclusive_licence",
        /// A licensee passes on a right of use.
        SubLicence = "sub_licence",
        /// A common undertaking.
        JointVenture = "joint_venture",
        /// Common research and development.
        RdCooperation = "rd_cooperation",
        /// Training, commissioning, support.
        TechnicalServices = "technical_services",
    }
}
