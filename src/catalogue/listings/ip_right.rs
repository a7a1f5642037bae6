//! Intellectual property rights in a technology, as its owner states them.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::codes::Office;
use crate::kernel::clock::Day;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldErrors};

text_enum! {
    /// What kind of right it is (Law on Intellectual Property 50/2005/QH11, art. 3 and 4). More may be added.
    pub enum IpKind {
        /// Invention patent (sáng chế).
        Patent = "patent",
        /// Utility solution, elsewhere called utility model (giải pháp hữu ích).
        UtilitySolution = "utility_solution",
        /// Industrial design (kiểu dáng công nghiệp).
        IndustrialDesign = "industrial_design",
        /// Layout design of an integrated circuit (thiết kế bố trí).
        LayoutDesign = "layout_design",
        /// Trademark (nhãn hiệu).
        Trademark = "trademark",
        /// Trade secret, know-how (bí mật kinh doanh).
        TradeSecret = "trade_secret",
        /// Plant variety (giống cây trồng).
        PlantVariety = "plant_variety",
        /// Copyright in software (quyền tác giả chương trình máy tính).
        CopyrightSoftware = "copyright_software",
    }
}

text_enum! {
    /// Where a right stands. More may be added.
    pub enum IpStatus {
        /// Not registered: a secret, a copyright without a certificate, an application in preparation.
        Unregistered = "unregistered",
        /// Applied for.
        Filed = "filed",
        /// The application is published.
        Published = "published",
        /// Granted or registered.
        Granted = "granted",
        /// The application was refused.
        Refused = "refused",
        /// The application was withdrawn.
        Withdrawn = "withdrawn",
        /// Ended before its term, for instance because fees were not paid.
        Lapsed = "lapsed",
        /// Its term is over.
        Expired = "expired",
    }
}

/// One right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = IpRight::check -> FieldErrors)]
pub struct IpRight {
    /// What kind it is.
    pub kind: IpKind,
    /// Where it stands.
    pub status: IpStatus,
    /// The number of the application, the grant or the certificate, as it is written there.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub number: Option<Line<1, 60>>,
    /// Where it holds or is applied for: a country, or an office such as `EP`; nothing where it holds everywhere.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub territory: Option<Office>,
    /// The day of filing.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub filed_on: Option<Day>,
    /// The day of grant or registration.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub granted_on: Option<Day>,
    /// The last day of protection as the certificate or the last renewal tells; where it is not given it is derived from the
    /// statutory term, if that is possible.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub expires_on: Option<Day>,
}

impl IpRight {
    /// Filed, then granted, then expired.
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let dates = [("filed_on", self.filed_on), ("granted_on", self.granted_on), ("expires_on", self.expires_on)];
        let mut latest = None;
        for (field, day) in dates {
            if day.is_some() && day < latest {
                return Err(FieldErrors::one(location.push_key(field), FieldCode::RangeReversed, []));
            }
            latest = latest.max(day);
        }
        Ok(self)
    }
}

/// The one form of a number however it is written: capital letters and digits without the office's prefix, the words before
/// it, spaces, dots, dashes and slashes, and without the kind of document behind it (WIPO ST.16).
///
/// `VN 1-2019-03456`, `1-2019-03456` and `Số 1-2019-03456` are all `1201903456`; `US 10,123,456 B2` is `10123456`.
#[must_use]
pub fn normalized(number: &str, territory: Option<&Office>) -> String {
    let folded = crate::kernel::fold::fold(number).to_uppercase();
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .skip_while(|word| matches!(*word, "" | "SO" | "NO" | "NR" | "BANG"));
    let compact: String = words.collect();
    let bare = territory.and_then(|office| compact.strip_prefix(office.as_str())).filter(|rest| !rest.is_empty());
    without_kind(bare.unwrap_or(&compact)).to_owned()
}

/// `10123456B2` without its `B2`: one letter and at most one digit behind at least four digits.
fn without_kind(number: &str) -> &str {
    let letter = number.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or(number);
    let Some(digits) =
        [letter, number].into_iter().find_map(|text| text.strip_suffix(|c: char| c.is_ascii_uppercase()))
    else {
        return number;
    };
    let behind = digits.bytes().rev().take_while(u8::is_ascii_digit).count();
    if behind >= 4 { digits } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_form_for_every_spelling_of_a_number() {
        for (number, territory, expected) in [
            ("1-2019-03456", "VN", "1201903456"),
            ("VN 1-2019-03456", "VN", "1201903456"),
            ("vn1.2019.03456", "VN", "1201903456"),
            ("Số: 1-2019-03456", "VN", "1201903456"),
            ("Bằng số 1-0023456-000", "VN", "10023456000"),
            ("2-0001234", "VN", "20001234"),
            ("US 10,123,456 B2", "US", "10123456"),
            ("US10123456B2", "US", "10123456"),
            ("USD912,345S", "US", "D912345"),
            ("EP 3 123 456 A1", "EP", "3123456"),
            ("WO 2020/123456", "WO", "2020123456"),
            ("PCT/VN2020/000012", "WO", "PCTVN2020000012"),
            ("JP 特許 6123456", "JP", "特許6123456"),
            ("1234/2020/QTG", "VN", "12342020QTG"),
            ("27.VN.2019", "VN", "27VN2019"),
            ("B2", "US", "B2"),
            ("123B", "US", "123B"),
            ("VN", "VN", "VN"),
            ("4-0123456 (VN)", "US", "40123456VN"),
            ("", "VN", ""),
        ] {
            assert_eq!(normalized(number, territory.parse().ok().as_ref()), expected, "{number}");
        }
        assert_eq!(normalized("VN 1-2019-03456", None), "VN1201903456", "only the territory's own prefix is dropped");
    }

    #[test]
    fn dates_come_in_their_order() {
        let right = |fields: serde_json::Value| {
            let mut body = json!({"kind": "patent", "status": "granted"});
            body.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
            deserr::deserialize::<IpRight, _, FieldErrors>(body).map_err(|errors| errors.0[0].pointer.clone())
        };
        let (a, b) = ("2020-01-01", "2021-01-01");
        assert!(right(json!({"filed_on": a, "granted_on": b, "expires_on": b})).is_ok());
        assert!(right(json!({"expires_on": a})).is_ok());
        assert_eq!(right(json!({"filed_on": b, "granted_on": a})), Err("/granted_on".into()));
        assert_eq!(right(json!({"granted_on": b, "expires_on": a})), Err("/expires_on".into()));
        assert_eq!(right(json!({"filed_on": b, "expires_on": a})), Err("/expires_on".into()));
    }
}
