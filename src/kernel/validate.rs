//! Field errors: what is wrong with which part of a body or a query, all at once, each with a JSON pointer (RFC 6901).

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, Value, ValueKind, ValuePointerRef};
use std::ops::ControlFlow;

use super::code::catalogue;
use super::locale::Locale;

catalogue! {
    /// What is wrong with one field. `code`s are stable; texts may change.
    pub enum FieldCode {
        Required = "required",
            "Thiếu trường bắt buộc này." / "This field is required.";
        UnknownField = "unknown_field",
            "Không có trường này. Các trường được nhận: {accepted}." / "There is no such field. Accepted: {accepted}.";
        WrongType = "wrong_type",
            "Sai kiểu dữ liệu: cần {expected}, nhận được {actual}." / "Wrong type: {expected} is needed, {actual} was given.";
        NotAChoice = "not_a_choice",
            "Giá trị phải là một trong: {accepted}." / "The value must be one of: {accepted}.";
        InvalidId = "invalid_id",
            "Mã định danh không đúng dạng." / "This is not an identifier.";
        InvalidFormat = "invalid_format",
            "Sai định dạng. Dạng đúng: {expected}." / "Wrong format. Expected: {expected}.";
        TooShort = "too_short",
            "Quá ngắn: cần ít nhất {min} ký tự." / "Too short: at least {min} characters are needed.";
        TooLong = "too_long",
            "Quá dài: nhiều nhất {max} ký tự." / "Too long: at most {max} characters are allowed.";
        TooFew = "too_few",
            "Quá ít phần tử: cần ít nhất {min}." / "Too few items: at least {min} are needed.";
        TooMany = "too_many",
            "Quá nhiều phần tử: nhiều nhất {max}." / "Too many items: at most {max} are allowed.";
        Duplicate = "duplicate",
            "Phần tử bị lặp lại." / "The item is repeated.";
        OutOfRange = "out_of_range",
            "Giá trị phải từ {min} đến {max}." / "The value must lie between {min} and {max}.";
        RangeReversed = "range_reversed",
            "Giá trị cuối phải lớn hơn hoặc bằng giá trị đầu." / "The upper end must not be below the lower end.";
        CurrenciesDiffer = "currencies_differ",
            "Hai đầu của khoảng phải cùng một loại tiền." / "Both ends must be in one currency.";
        NotAllowedHere = "not_allowed_here",
            "Không được đặt trường này cùng với các giá trị còn lại." / "This field may not be set together with the other values.";
        SharesNotWhole = "shares_not_whole",
            "Tổng các phần phải đúng 10000 điểm cơ bản (100 %), hiện là {sum}." / "The shares must add up to exactly 10000 basis points (100 %); they are {sum}.";
        ControlCharacter = "control_character",
            "Có ký tự điều khiển không được phép." / "It contains a control character, which is not allowed.";
        InvalidEmail = "invalid_email",
            "Địa chỉ thư điện tử không hợp lệ." / "This is not an e-mail address.";
        EmailTaken = "email_taken",
            "Địa chỉ thư điện tử này đã có tài khoản." / "There is already an account with this e-mail address.";
        PasswordWeak = "password_weak",
            "Mật khẩu quá dễ đoán. Hãy dùng một cụm dài hơn, không nằm trong danh sách mật khẩu phổ biến." / "The password is too easy to guess. Use a longer phrase that is not on the list of common passwords.";
        PasswordContainsEmail = "password_contains_email",
            "Mật khẩu không được chứa địa chỉ thư điện tử." / "The password must not contain the e-mail address.";
        WrongPassword = "wrong_password",
            "Mật khẩu không đúng." / "This is not the account's password.";
        InvalidTaxCode = "invalid_tax_code",
            "Mã số thuế sai: chữ số kiểm tra không khớp." / "This is not a tax code: the check digit does not match.";
        TaxCodeTaken = "tax_code_taken",
            "Mã số thuế này đã được một tổ chức khác đăng ký." / "Another organisation is registered with this tax code.";
        UnknownReference = "unknown_reference",
            "Mã không có trong danh mục {list}. Xem GET /v1/reference/{list}." / "The code is not in the list {list}. See GET /v1/reference/{list}.";
        NoSuchOrganization = "no_such_organization",
            "Không có tổ chức này, hoặc bạn không phải thành viên." / "There is no such organisation, or you are not a member of it.";
        NoVerifiedOrganization = "no_verified_organization",
            "Không có tổ chức đã xác minh nào với mã này." / "There is no verified organisation with this identifier.";
        AlreadyGranted = "already_granted",
            "Tổ chức này đang có quyền xem còn hiệu lực. Hãy thu hồi trước khi cấp lại." / "This organisation has a grant in force. Revoke it before granting again.";
        NoSuchEvidence = "no_such_evidence",
            "Niêm yết không có bằng chứng này, hoặc nó đã được sửa. Hãy đọc lại evidence_status." / "The listing has no such evidence, or it was changed. Read evidence_status again.";
        AlreadyMember = "already_member",
            "Người này đã là thành viên." / "This person is a member already.";
        AlreadySent = "already_sent",
            "Tổ chức đã gửi một thư cho mục này và chưa được trả lời. Hãy chờ, hoặc rút thư đó trước." / "The organisation has sent an approach to this that is not answered yet. Wait, or withdraw that one first.";
        NoSuchTemplate = "no_such_template",
            "Không có mẫu nào với tên này. Xem GET /v1/nda-templates." / "There is no template of this name. See GET /v1/nda-templates.";
        NoSuchListing = "no_such_listing",
            "Tổ chức không có niêm yết công khai nào với mã này." / "The organisation has no published listing with this identifier.";
        AlreadyInvited = "already_invited",
            "Địa chỉ này đã có một lời mời chưa trả lời. Hãy gửi lại thư của lời mời đó, hoặc rút nó trước." / "This address has an invitation that nobody has answered yet. Have its mail sent again, or withdraw it first.";
    }
}

/// One thing wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    /// Where in the body (RFC 6901), or `/name` for a query parameter.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldCode,
    /// What the texts of the code are filled in with.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error at `pointer` whose text needs no filling in.
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self { pointer: pointer.into(), code, args: Vec::new() }
    }

    /// The text in `locale`.
    #[must_use]
    pub fn detail(&self, locale: Locale) -> String {
        super::code::fill(self.code.text(locale), &self.args)
    }
}

/// All that is wrong with a body or a query; never empty where it is an error.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// A single error at a place in the body.
    pub fn one<const N: usize>(
        location: ValuePointerRef<'_>,
        code: FieldCode,
        args: [(&'static str, String); N],
    ) -> Self {
        Self(vec![FieldError { pointer: pointer(location), code, args: args.into() }])
    }
}

impl MergeWithError<FieldErrors> for FieldErrors {
    fn merge(self_: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = self_.unwrap_or_default();
        all.0.extend(other.0);
        ControlFlow::Continue(all)
    }
}

impl DeserializeError for FieldErrors {
    fn error<V: IntoValue>(
        self_: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let found = match error {
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                let expected = accepted.iter().map(|&kind| kind_name(kind)).collect::<Vec<_>>();
                wrong_type(actual.kind(), &dedup(expected).join(" / "), location)
            }
            ErrorKind::MissingField { field } => Self::one(location.push_key(field), FieldCode::Required, []),
            ErrorKind::UnknownKey { key, accepted } => {
                Self::one(location.push_key(key), FieldCode::UnknownField, [("accepted", accepted.join(", "))])
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                Self::one(location, FieldCode::NotAChoice, [("accepted", accepted.join(", "))])
            }
            ErrorKind::BadSequenceLen { expected, .. } => {
                Self::one(location, FieldCode::TooMany, [("max", expected.to_string())])
            }
            ErrorKind::Unexpected { msg } => Self::one(location, FieldCode::InvalidFormat, [("expected", msg)]),
        };
        Self::merge(self_, found, location)
    }
}

/// The value as text.
///
/// # Errors
/// A field error when it is of another kind.
pub fn text<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<String, FieldErrors> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type(other.kind(), kind_name(ValueKind::String), location)),
    }
}

/// The value parsed from text; `otherwise` when it does not parse.
///
/// # Errors
/// A field error when it is no text or does not parse.
pub fn parse<T: std::str::FromStr, V: IntoValue>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    otherwise: FieldCode,
) -> Result<T, FieldErrors> {
    text(value, location)?.parse().map_err(|_| FieldErrors::one(location, otherwise, []))
}

/// The value as one of the words of an enumeration.
///
/// # Errors
/// A field error that lists the words when it is none of them.
pub fn choice<T: std::str::FromStr, V: IntoValue>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    accepted: &[&str],
) -> Result<T, FieldErrors> {
    text(value, location)?
        .parse()
        .map_err(|_| FieldErrors::one(location, FieldCode::NotAChoice, [("accepted", accepted.join(", "))]))
}

/// The JSON pointer (RFC 6901) of a place in a body.
#[must_use]
pub fn pointer(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => {
            format!("{}/{}", pointer(*prev), key.replace('~', "~0").replace('/', "~1"))
        }
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

fn wrong_type(actual: ValueKind, expected: &str, location: ValuePointerRef<'_>) -> FieldErrors {
    FieldErrors::one(
        location,
        FieldCode::WrongType,
        [("expected", expected.to_owned()), ("actual", kind_name(actual).to_owned())],
    )
}

fn kind_name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "null",
        ValueKind::Boolean => "boolean",
        ValueKind::Integer | ValueKind::NegativeInteger => "integer",
        ValueKind::Float => "number",
        ValueKind::String => "string",
        ValueKind::Sequence => "array",
        ValueKind::Map => "object",
    }
}

fn dedup(mut names: Vec<&'static str>) -> Vec<&'static str> {
    names.dedup();
    names
}
