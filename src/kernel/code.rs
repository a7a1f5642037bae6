//! The catalogue of failures: one row per code with its HTTP status and what to tell the person, in both languages.
//!
//! Codes are stable for ever; texts may be improved. A text tells what happened and what to do about it. `{name}` is
//! filled in with the argument of that name.

use super::locale::Locale;

/// Declares an enumeration of codes with a text in both languages.
macro_rules! catalogue { ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $vi:literal / $en:literal;)+ }) => {
    $(#[$meta])*
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub enum $name { $(#[doc = $en] $variant),+ }

    impl $name {
        /// Every code.
        pub const ALL: &'static [Self] = &[$(Self::$variant),+];

        /// The stable word.
        #[must_use]
        pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

        /// The text before it is filled in.
        #[must_use]
        pub const fn text(self, locale: $crate::kernel::locale::Locale) -> &'static str {
            match (locale, self) { $(
                ($crate::kernel::locale::Locale::Vi, Self::$variant) => $vi,
                ($crate::kernel::locale::Locale::En, Self::$variant) => $en,
            )+ }
        }
    }
} }
pub(crate) use catalogue;

/// Declares the problem codes: the catalogue plus a status and a title.
macro_rules! problems { ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $status:literal, $title_vi:literal / $title_en:literal, $vi:literal / $en:literal;)+ }) => {
    catalogue! { $(#[$meta])* pub enum $name { $($variant = $code, $vi / $en;)+ } }

    impl $name {
        /// The HTTP status of the answer (RFC 9110).
        #[must_use]
        pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }

        /// The short title of the problem type (RFC 9457).
        #[must_use]
        pub const fn title(self, locale: Locale) -> &'static str {
            match (locale, self) { $((Locale::Vi, Self::$variant) => $title_vi, (Locale::En, Self::$variant) => $title_en,)+ }
        }
    }
} }

problems! {
    /// Why a request could not be carried out.
    pub enum Code {
        // The request itself.
        MalformedJson = "malformed_json", 400, "JSON không hợp lệ" / "Malformed JSON",
            "Không đọc được nội dung: {reason}. Hãy gửi một đối tượng JSON đúng cú pháp." / "The body could not be read: {reason}. Send one well-formed JSON object.";
        MalformedCursor = "malformed_cursor", 400, "Con trỏ trang không hợp lệ" / "Malformed cursor",
            "Con trỏ trang không do hệ thống này cấp cho danh sách này. Hãy dùng next_cursor của trang trước." / "The cursor was not issued for this list. Use the next_cursor of the page before.";
        MalformedHeader = "malformed_header", 400, "Tiêu đề không hợp lệ" / "Malformed header",
            "Tiêu đề {header} không đúng dạng: {expected}." / "The header {header} is malformed. Expected: {expected}.";
        IncompleteBody = "incomplete_body", 400, "Nội dung không trọn vẹn" / "Incomplete body",
            "Kết nối dừng trước khi nhận đủ nội dung. Hãy gửi lại." / "The connection ended before the whole body arrived. Send it again.";
        RequestTimeout = "request_timeout", 408, "Hết thời gian chờ" / "Request timeout",
            "Nội dung đến quá chậm. Hãy gửi lại." / "The body arrived too slowly. Send it again.";
        RouteNotFound = "route_not_found", 404, "Không có địa chỉ này" / "No such address",
            "Không có địa chỉ này. Xem /docs để biết các địa chỉ hiện có." / "There is nothing at this address. See /docs for what there is.";
        MethodNotAllowed = "method_not_allowed", 405, "Không nhận phương thức này" / "Method not allowed",
            "Địa chỉ này chỉ nhận: {allowed}." / "This address accepts only: {allowed}.";
        BodyTooLarge = "body_too_large", 413, "Nội dung quá lớn" / "Body too large",
            "Nội dung vượt quá {max} byte." / "The body is larger than {max} bytes.";
        UriTooLong = "uri_too_long", 414, "Địa chỉ quá dài" / "Address too long",
            "Địa chỉ vượt quá {max} byte." / "The address is longer than {max} bytes.";
        UnsupportedMediaType = "unsupported_media_type", 415, "Không hỗ trợ kiểu nội dung" / "Unsupported media type",
            "Hãy gửi nội dung với Content-Type: {expected}." / "Send the body with Content-Type: {expected}.";
        UnsupportedEncoding = "unsupported_encoding", 415, "Không hỗ trợ nội dung nén" / "Compressed bodies are not accepted",
            "Hãy gửi nội dung không nén, không có Content-Encoding." / "Send the body uncompressed, without Content-Encoding.";
        ValidationFailed = "validation_failed", 422, "Dữ liệu chưa hợp lệ" / "Validation failed",
            "Có {count} chỗ cần sửa; xem errors." / "{count} things need correction; see errors.";
        RateLimited = "rate_limited", 429, "Quá nhiều yêu cầu" / "Too many requests",
            "Bạn gửi quá nhanh. Hãy thử lại sau {seconds} giây." / "You are sending too fast. Try again in {seconds} seconds.";

        // Who is asking.
        AuthenticationRequired = "authentication_required", 401, "Cần đăng nhập" / "Authentication required",
            "Hãy gửi Authorization: Bearer <access_token>; lấy mã bằng POST /v1/sessions." / "Send Authorization: Bearer <access_token>; get a token with POST /v1/sessions.";
        InvalidToken = "invalid_token", 401, "Mã truy cập không dùng được" / "Invalid access token",
            "Mã truy cập sai, đã hết hạn hoặc phiên đã kết thúc. Hãy làm mới phiên hoặc đăng nhập lại." / "The access token is wrong, has expired, or its session has ended. Renew the session or sign in again.";
        InvalidCredentials = "invalid_credentials", 401, "Sai thông tin đăng nhập" / "Invalid credentials",
            "Địa chỉ thư hoặc mật khẩu không đúng." / "The e-mail address or the password is not right.";
        InvalidRefreshToken = "invalid_refresh_token", 401, "Mã làm mới không dùng được" / "Invalid refresh token",
            "Mã làm mới sai, đã dùng hoặc phiên đã kết thúc. Hãy đăng nhập lại." / "The refresh token is wrong, was used before, or its session has ended. Sign in again.";
        EmailNotVerified = "email_not_verified", 403, "Chưa xác nhận thư điện tử" / "E-mail not verified",
            "Hãy mở thư xác nhận đã gửi cho bạn; cần thư mới thì gọi POST /v1/email-verification-requests." / "Open the confirmation mail sent to you; for a new one call POST /v1/email-verification-requests.";
        OfficerRequired = "officer_required", 403, "Chỉ dành cho cán bộ quản lý" / "Officers only",
            "Việc này chỉ cán bộ của cơ quan quản lý được làm." / "Only an officer of the supervising authority may do this.";
        RoleTooLow = "role_too_low", 403, "Vai trò chưa đủ quyền" / "Role too low",
            "Cần vai trò {role} trong tổ chức này. Hãy nhờ chủ sở hữu của tổ chức." / "The role {role} in this organisation is needed. Ask one of its owners.";
        InvalidEmailToken = "invalid_email_token", 422, "Liên kết không dùng được" / "Link cannot be used",
            "Liên kết sai, đã dùng hoặc đã hết hạn. Hãy yêu cầu thư mới." / "The link is wrong, was used before, or has expired. Ask for a new mail.";

        // The thing itself.
        NotFound = "not_found", 404, "Không tìm thấy" / "Not found",
            "Không có mục này, hoặc bạn không được xem." / "There is no such item, or you may not see it.";
        IfMatchRequired = "if_match_required", 428, "Thiếu If-Match" / "If-Match required",
            "Hãy đọc mục này trước rồi gửi ETag của nó trong If-Match." / "Read the item first and send its ETag in If-Match.";
        StaleVersion = "stale_version", 412, "Phiên bản đã cũ" / "Stale version",
            "Mục này đã được người khác thay đổi. Hãy đọc lại, áp thay đổi của bạn rồi gửi lại." / "Someone changed the item in the meantime. Read it again, apply your change to it, and send it again.";
        IdempotencyKeyReused = "idempotency_key_reused", 422, "Khóa chống lặp đã dùng cho nội dung khác" / "Idempotency key reused",
            "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới." / "This Idempotency-Key was used for another request. Use a new key.";
        IdempotencyKeyInUse = "idempotency_key_in_use", 409, "Yêu cầu cùng khóa đang chạy" / "Request with this key still running",
            "Yêu cầu với cùng Idempotency-Key chưa xong. Hãy thử lại sau giây lát." / "A request with the same Idempotency-Key is still running. Try again in a moment.";
        ListingWrongState = "listing_wrong_state", 409, "Trạng thái niêm yết không cho phép" / "Listing in the wrong state",
            "Niêm yết đang ở trạng thái {status}; việc này cần: {allowed}." / "The listing is {status}; this needs: {allowed}.";
        OrderWrongState = "order_wrong_state", 409, "Trạng thái đặt hàng không cho phép" / "Order in the wrong state",
            "Đặt hàng đang ở trạng thái {status}; việc này cần: {allowed}." / "The order is {status}; this needs: {allowed}.";
        Incomplete = "incomplete", 422, "Chưa đủ nội dung để gửi duyệt" / "Not complete enough to submit",
            "Hãy bổ sung các trường nêu trong errors rồi gửi lại." / "Fill in the fields named in errors, then submit again.";
        OrganizationNotVerified = "organization_not_verified", 409, "Tổ chức chưa được xác minh" / "Organisation not verified",
            "Tổ chức phải được cán bộ xác minh trước khi gửi duyệt." / "An officer must verify the organisation before anything can be submitted.";
        OrganizationWrongState = "organization_wrong_state", 409, "Trạng thái tổ chức không cho phép" / "Organisation in the wrong state",
            "Tổ chức đang ở trạng thái {status}; việc này cần: {allowed}." / "The organisation is {status}; this needs: {allowed}.";
        LastOwner = "last_owner", 409, "Chủ sở hữu cuối cùng" / "Last owner",
            "Tổ chức phải luôn có ít nhất một chủ sở hữu. Hãy giao quyền cho người khác trước." / "An organisation always has at least one owner. Make someone else an owner first.";

        // The service.
        Overloaded = "overloaded", 503, "Hệ thống đang quá tải" / "Overloaded",
            "Quá nhiều việc đang chờ. Hãy thử lại sau {seconds} giây." / "Too much work is waiting. Try again in {seconds} seconds.";
        DatabaseUnavailable = "database_unavailable", 503, "Cơ sở dữ liệu tạm ngừng" / "Database unavailable",
            "Hiện không truy cập được cơ sở dữ liệu; chưa có gì được ghi. Hãy thử lại sau {seconds} giây." / "The database cannot be reached now; nothing was written. Try again in {seconds} seconds.";
        SearchUnavailable = "search_unavailable", 503, "Tìm kiếm tạm ngừng" / "Search unavailable",
            "Chỉ mục tìm kiếm hiện không trả lời. Hãy thử lại sau {seconds} giây, hoặc dùng danh sách." / "The search index does not answer now. Try again in {seconds} seconds, or use the lists.";
        InternalError = "internal_error", 500, "Lỗi hệ thống" / "Internal error",
            "Có lỗi ngoài dự kiến; chưa có gì được ghi. Hãy báo lại cùng trace_id." / "Something unexpected went wrong; nothing was written. Report it with the trace_id.";
    }
}

/// `template` with every `{name}` replaced by the argument of that name.
#[must_use]
pub fn fill(template: &str, args: &[(&'static str, String)]) -> String {
    args.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::validate::FieldCode;
    use std::collections::BTreeSet;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    fn well_formed(code: &str, vi: &str, en: &str) {
        assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{code}");
        assert!(vi.ends_with('.') && en.ends_with('.'), "{code}");
        assert_eq!(placeholders(vi), placeholders(en), "{code}");
    }

    #[test]
    fn codes_are_unique_and_texts_agree() {
        let mut seen = BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code:?} twice");
            assert!((400..600).contains(&code.status()), "{code:?}");
            well_formed(code.as_str(), code.text(Locale::Vi), code.text(Locale::En));
        }
        for code in FieldCode::ALL {
            assert!(seen.insert(code.as_str()), "{code:?} twice");
            well_formed(code.as_str(), code.text(Locale::Vi), code.text(Locale::En));
        }
    }
}
