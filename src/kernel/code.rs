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
        #[allow(dead_code, reason = "some catalogues are walked by tests only")]
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
        RangeNotSatisfiable = "range_not_satisfiable", 416, "Không có đoạn này" / "No such part",
            "Tệp chỉ có {size} byte. Hãy xin một đoạn bắt đầu bên trong tệp." / "The file has {size} bytes only. Ask for a part that begins within it.";
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
        SecondFactorRequired = "second_factor_required", 401, "Cần mã xác thực thứ hai" / "Second factor required",
            "Mật khẩu đúng. Hãy gửi lại cùng với code: sáu chữ số từ ứng dụng xác thực, hoặc một mã khôi phục." / "The password is right. Send it again with code: six digits from the authenticator app, or a recovery code.";
        InvalidSecondFactor = "invalid_second_factor", 422, "Mã xác thực không đúng" / "Wrong second factor",
            "Mã sai, đã hết hạn hoặc đã dùng rồi. Hãy chờ mã tiếp theo của ứng dụng, hoặc dùng một mã khôi phục." / "The code is wrong, has expired, or was used before. Wait for the app's next code, or use a recovery code.";
        SecondFactorWrongState = "second_factor_wrong_state", 409, "Trạng thái xác thực thứ hai không cho phép" / "Second factor in the wrong state",
            "Xác thực thứ hai đang ở trạng thái {status}; việc này cần: {allowed}. Xem GET /v1/me/second-factor." / "The second factor is {status}; this needs: {allowed}. See GET /v1/me/second-factor.";
        StepUpRequired = "step_up_required", 403, "Cần xác thực lại" / "Step-up required",
            "Việc này cần mã xác thực thứ hai vừa nhập trong ít phút gần đây. Hãy gửi mã bằng POST /v1/me/step-up rồi gửi lại yêu cầu; nếu chưa bật, hãy bật bằng POST /v1/me/second-factor." / "This needs a second factor proved within the last minutes. Send a code with POST /v1/me/step-up, then this request again; if you have none yet, turn it on with POST /v1/me/second-factor.";
        PasswordTooShort = "password_too_short", 403, "Mật khẩu quá ngắn cho cán bộ" / "Password too short for an officer",
            "Cán bộ không bật xác thực thứ hai phải dùng mật khẩu từ {min} ký tự trở lên. Hãy đặt lại mật khẩu bằng POST /v1/password-reset-requests." / "An officer without a second factor needs a password of at least {min} characters. Set a new one with POST /v1/password-reset-requests.";
        EmailNotVerified = "email_not_verified", 403, "Chưa xác nhận thư điện tử" / "E-mail not verified",
            "Hãy mở thư xác nhận đã gửi cho bạn; cần thư mới thì gọi POST /v1/email-verification-requests." / "Open the confirmation mail sent to you; for a new one call POST /v1/email-verification-requests.";
        OfficerRequired = "officer_required", 403, "Chỉ dành cho cán bộ quản lý" / "Officers only",
            "Việc này chỉ cán bộ của cơ quan quản lý được làm." / "Only an officer of the supervising authority may do this.";
        PersonRequired = "person_required", 403, "Chỉ dành cho người dùng" / "People only",
            "Khóa API không làm được việc này. Hãy đăng nhập bằng POST /v1/sessions." / "An API key may not do this. Sign in with POST /v1/sessions.";
        RoleTooLow = "role_too_low", 403, "Vai trò chưa đủ quyền" / "Role too low",
            "Cần vai trò {role} trong tổ chức này. Hãy nhờ chủ sở hữu của tổ chức." / "The role {role} in this organisation is needed. Ask one of its owners.";
        ConflictOfInterest = "conflict_of_interest", 403, "Xung đột lợi ích" / "Conflict of interest",
            "Bạn là thành viên của tổ chức liên quan nên không được quyết định việc này. Hãy để một cán bộ khác quyết định." / "You belong to the organisation concerned, so you may not decide this. Leave it to another officer.";
        InvalidEmailToken = "invalid_email_token", 422, "Liên kết không dùng được" / "Link cannot be used",
            "Liên kết sai, đã dùng hoặc đã hết hạn. Hãy yêu cầu thư mới." / "The link is wrong, was used before, or has expired. Ask for a new mail.";
        InvalidInvitation = "invalid_invitation", 422, "Lời mời không dùng được" / "Invitation cannot be used",
            "Mã mời sai, đã dùng, đã bị rút hoặc đã hết hạn. Hãy nhờ chủ sở hữu của tổ chức gửi lại." / "The token of the invitation is wrong, was used, was withdrawn, or has expired. Ask an owner of the organisation to send it again.";
        InvitationForOtherAddress = "invitation_for_other_address", 403, "Lời mời dành cho địa chỉ khác" / "Invitation for another address",
            "Lời mời được gửi tới một địa chỉ thư khác với tài khoản đang đăng nhập. Hãy đăng nhập bằng tài khoản của địa chỉ nhận thư." / "The invitation was sent to another address than that of the account you are signed in with. Sign in with the account of the address that received the mail.";
        TooManyInvitations = "too_many_invitations", 429, "Quá nhiều lời mời" / "Too many invitations",
            "Tổ chức đã gửi hết số thư mời của 24 giờ, hoặc vừa gửi thư này. Hãy thử lại sau {seconds} giây." / "The organisation has used up its invitation mails of 24 hours, or this mail has only just been sent. Try again in {seconds} seconds.";

        // The thing itself.
        NotFound = "not_found", 404, "Không tìm thấy" / "Not found",
            "Không có mục này, hoặc bạn không được xem." / "There is no such item, or you may not see it.";
        ChangesForgotten = "changes_forgotten", 410, "Thay đổi đã quá cũ" / "Changes no longer kept",
            "Hệ thống không còn giữ danh sách những mục đã gỡ từ thời điểm đó. Hãy bỏ bản sao và đồng bộ lại từ đầu với updated_since=1970-01-01T00:00:00Z." / "What was removed since that time is no longer kept. Discard the copy and begin anew with updated_since=1970-01-01T00:00:00Z.";
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
            "Tổ chức phải được cán bộ xác minh trước khi làm việc này." / "An officer must verify the organisation before it can do this.";
        OrganizationWrongState = "organization_wrong_state", 409, "Trạng thái tổ chức không cho phép" / "Organisation in the wrong state",
            "Tổ chức đang ở trạng thái {status}; việc này cần: {allowed}." / "The organisation is {status}; this needs: {allowed}.";
        AccountWrongState = "account_wrong_state", 409, "Trạng thái tài khoản không cho phép" / "Account in the wrong state",
            "Tài khoản đang ở trạng thái {status}; việc này cần: {allowed}." / "The account is {status}; this needs: {allowed}.";
        ApiKeysRefused = "api_keys_refused", 409, "Không tạo được khóa API" / "No API key here",
            "Cơ quan quản lý không dùng khóa API; tổ chức khác có nhiều nhất {max} khóa còn hiệu lực. Hãy thu hồi một khóa rồi thử lại." / "An authority has no API keys; any other organisation has at most {max} that work. Revoke one, then try again.";
        OrganizationDeactivated = "organization_deactivated", 409, "Tổ chức đã ngừng hoạt động" / "Organisation deactivated",
            "Tổ chức đã được đưa ra khỏi trang công khai. Hãy kích hoạt lại tổ chức trước." / "The organisation has been taken out of the public. Reactivate it first.";
        InvitationWrongState = "invitation_wrong_state", 409, "Lời mời đã được trả lời hoặc đã rút" / "Invitation no longer open",
            "Lời mời đang ở trạng thái {status}; việc này cần: {allowed}." / "The invitation is {status}; this needs: {allowed}.";
        LastOwner = "last_owner", 409, "Chủ sở hữu cuối cùng" / "Last owner",
            "Tổ chức phải luôn có ít nhất một chủ sở hữu. Hãy giao quyền cho người khác trước." / "An organisation always has at least one owner. Make someone else an owner first.";
        FileTypeMismatch = "file_type_mismatch", 422, "Nội dung không đúng kiểu tệp" / "Content of another type",
            "Nội dung tệp không phải là {declared}. Hãy gửi tệp với đúng Content-Type của nó; tệp có macro, HTML và SVG không được nhận." / "The content of the file is not {declared}. Send the file with the Content-Type it has; files with macros, HTML and SVG are not taken.";
        QuotaReached = "quota_reached", 409, "Hết dung lượng lưu trữ" / "No room left",
            "Tổ chức đã dùng {used} trên {max} byte được lưu, không đủ chỗ cho tệp này. Hãy xóa bớt tệp không dùng nữa rồi thử lại." / "The organisation uses {used} of the {max} bytes it may keep, which leaves no room for this file. Remove files that are not needed any more and try again.";
        InvalidPass = "invalid_pass", 403, "Liên kết tải không dùng được" / "Link cannot be used",
            "Liên kết tải sai hoặc đã hết hạn. Hãy lấy liên kết mới của tệp (POST …/link)." / "The link is wrong or has expired. Get a new one for the file (POST …/link).";
        LimitReached = "limit_reached", 409, "Đã đủ số lượng" / "Limit reached",
            "Chỉ được có nhiều nhất {max} mục. Hãy xóa bớt mục không dùng nữa rồi thử lại." / "There may be {max} of these at most. Remove one that is not needed any more and try again.";

        // Negotiation.
        ApproachWrongState = "approach_wrong_state", 409, "Trạng thái thư không cho phép" / "Approach in the wrong state",
            "Thư đang ở trạng thái {status}; việc này cần: {allowed}. Việc còn làm được: {possible}." / "The approach is {status}; this needs: {allowed}. What can still be done: {possible}.";
        NegotiationWrongState = "negotiation_wrong_state", 409, "Trạng thái đàm phán không cho phép" / "Negotiation in the wrong state",
            "Cuộc đàm phán đang ở trạng thái {status}; việc này cần: {allowed}. Việc còn làm được: {possible}." / "The negotiation is {status}; this needs: {allowed}. What can still be done: {possible}.";
        NdaWrongState = "nda_wrong_state", 409, "Trạng thái thỏa thuận bảo mật không cho phép" / "Non-disclosure agreement in the wrong state",
            "Thỏa thuận bảo mật đang ở trạng thái {status}; việc này cần: {allowed}. Việc còn làm được: {possible}." / "The non-disclosure agreement is {status}; this needs: {allowed}. What can still be done: {possible}.";
        OfferWrongState = "offer_wrong_state", 409, "Trạng thái đề nghị không cho phép" / "Offer in the wrong state",
            "Đề nghị đang ở trạng thái {status}; việc này cần: {allowed}. Việc còn làm được: {possible}." / "The offer is {status}; this needs: {allowed}. What can still be done: {possible}.";
        SignatoryRequired = "signatory_required", 403, "Cần quyền ký" / "Right to sign required",
            "Việc này cần người có quyền ký thay tổ chức. Chủ sở hữu của tổ chức trao quyền đó tại POST /v1/organizations/…/members/…/signatory." / "This takes somebody with the right to sign for the organisation. An owner gives it at POST /v1/organizations/…/members/…/signatory.";
        NotOpenForInterest = "not_open_for_interest", 409, "Không nhận liên hệ" / "Not open for interest",
            "Mục này chưa công khai hoặc hiện không nhận thư bày tỏ quan tâm và đề xuất." / "This is not public, or takes no expressions of interest and no proposals at present.";
        TooManyApproaches = "too_many_approaches", 429, "Quá nhiều thư trong ngày" / "Too many approaches",
            "Tổ chức đã gửi hết số thư bày tỏ quan tâm và đề xuất của 24 giờ. Hãy thử lại sau {seconds} giây." / "The organisation has sent all the expressions of interest and proposals it may send in 24 hours. Try again in {seconds} seconds.";
        OtherSideOnly = "other_side_only", 403, "Việc của bên kia" / "For the other side to do",
            "Việc này do bên kia làm; tổ chức của bạn không làm được." / "This is for the other side to do; your organisation may not.";

        // The service.
        Overloaded = "overloaded", 503, "Hệ thống đang quá tải" / "Overloaded",
            "Quá nhiều việc đang chờ. Hãy thử lại sau {seconds} giây." / "Too much work is waiting. Try again in {seconds} seconds.";
        DatabaseUnavailable = "database_unavailable", 503, "Cơ sở dữ liệu tạm ngừng" / "Database unavailable",
            "Hiện không truy cập được cơ sở dữ liệu; chưa có gì được ghi. Hãy thử lại sau {seconds} giây." / "The database cannot be reached now; nothing was written. Try again in {seconds} seconds.";
        FileStoreUnavailable = "file_store_unavailable", 503, "Kho tệp tạm ngừng" / "File store unavailable",
            "Hiện không truy cập được kho tệp; chưa có gì được ghi. Hãy thử lại sau {seconds} giây." / "The file store cannot be reached now; nothing was written. Try again in {seconds} seconds.";
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
