//! What the doctor can find: one row per finding with what to do about it, in both languages.

use serde::Serialize;

use crate::kernel::code::{catalogue, fill};
use crate::kernel::locale::Locale;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but somebody should look at it.
    Warning,
    /// Does not work, or will lose something.
    Error,
}

impl Level {
    /// The level's word, padded so that lines align.
    pub fn word(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Ok, Locale::Vi) => "tốt     ",
            (Self::Warning, Locale::Vi) => "lưu ý   ",
            (Self::Error, Locale::Vi) => "lỗi     ",
            (Self::Ok, Locale::En) => "ok      ",
            (Self::Warning, Locale::En) => "warning ",
            (Self::Error, Locale::En) => "error   ",
        }
    }
}

catalogue! {
    /// Everything that can be found.
    pub enum Matter {
        // Configuration.
        ConfigurationWrong = "configuration_wrong",
            "Không dùng được cấu hình: {reason}." / "The configuration cannot be used: {reason}.";
        ModeProduction = "mode_production",
            "Chế độ production." / "Production mode.";
        ModeDevelopment = "mode_development",
            "Chế độ development: khóa bí mật tự sinh, liên kết trong thư được ghi vào nhật ký. Khi dùng thật hãy đặt mode=production." / "Development mode: a secret is made, links in mails are logged. For real use set mode=production.";
        PublicUrl = "public_url",
            "Địa chỉ công khai là {url}." / "The public address is {url}.";
        PublicUrlLocal = "public_url_local",
            "Địa chỉ công khai {url} chỉ dùng được trên máy này; liên kết trong thư sẽ không mở được. Hãy đặt server.public_url." / "The public address {url} works on this machine only, so links in mails will not open. Set server.public_url.";
        NoTrustedProxy = "no_trusted_proxy",
            "Chưa khai báo server.trusted_proxies: sau một proxy, mọi người dùng bị đếm chung là một địa chỉ. Hãy khai báo địa chỉ của proxy." / "server.trusted_proxies is empty: behind a proxy all visitors are counted as one address. Name the proxy's address.";
        SecretReadable = "secret_readable",
            "Người khác trên máy đọc được {path} (quyền {permissions}). Hãy chạy: chmod {wanted} {path}." / "Others on this machine may read {path} (permissions {permissions}). Run: chmod {wanted} {path}.";
        SecretsClosed = "secrets_closed",
            "Chỉ chủ sở hữu đọc được các tệp bí mật và dữ liệu." / "Secrets and data are readable by their owner only.";

        // Database.
        DatabaseAnswers = "database_answers",
            "{version} trả lời sau {millis} ms." / "{version} answers in {millis} ms.";
        DatabaseUnreachable = "database_unreachable",
            "Không tới được cơ sở dữ liệu: {reason}. Hãy kiểm tra database.url và máy chủ cơ sở dữ liệu." / "The database cannot be reached: {reason}. Check database.url and the database server.";
        DatabaseTooOld = "database_too_old",
            "PostgreSQL {major} đã hết hạn hỗ trợ. Hãy nâng lên 14 trở lên." / "PostgreSQL {major} is no longer supported. Upgrade to 14 or later.";
        DatabaseEmpty = "database_empty",
            "Cơ sở dữ liệu chưa có gì; lần khởi động đầu tiên sẽ tạo bảng." / "The database is empty; the first start creates the tables.";
        MigrationsComplete = "migrations_complete",
            "Đã áp dụng đủ {count} bước chuyển đổi." / "All {count} migrations are applied.";
        MigrationsPending = "migrations_pending",
            "Còn {count} bước chuyển đổi chưa áp dụng. Hãy sao lưu rồi chạy: techex migrate." / "{count} migrations are not applied yet. Make a backup, then run: techex migrate.";
        MigrationsUnknown = "migrations_unknown",
            "Cơ sở dữ liệu do phiên bản mới hơn tạo ({version}). Hãy dùng phiên bản đó." / "A newer version made this database ({version}). Use that version.";
        DatabaseSound = "database_sound",
            "Tệp cơ sở dữ liệu nguyên vẹn." / "The database file is sound.";
        DatabaseDamaged = "database_damaged",
            "Tệp cơ sở dữ liệu bị hỏng: {reason}. Hãy dừng máy chủ, giữ lại tệp và khôi phục bản sao lưu." / "The database file is damaged: {reason}. Stop the server, keep the file, and restore a backup.";
        LogLarge = "log_large",
            "Nhật ký ghi trước dài {mib} MiB. Có tiến trình đọc quá lâu; hãy khởi động lại máy chủ nếu không tự giảm." / "The write-ahead log has {mib} MiB: something has been reading for long. Restart the server if it does not shrink.";
        NotDurable = "not_durable",
            "PostgreSQL tắt fsync, full_page_writes hoặc synchronous_commit: mất điện sẽ mất dữ liệu đã xác nhận. Hãy bật cả ba." / "PostgreSQL has fsync, full_page_writes or synchronous_commit off: a crash loses what was acknowledged. Turn all three on.";
        NotUnicode = "not_unicode",
            "Mã hóa của cơ sở dữ liệu không phải UTF8. Hãy tạo cơ sở dữ liệu khác với ENCODING 'UTF8'." / "The database's encoding is not UTF8. Create another with ENCODING 'UTF8'.";
        NotPrivate = "not_private",
            "Kết nối tới cơ sở dữ liệu không mã hóa. Hãy thêm sslmode=verify-full vào database.url." / "The connection to the database is not encrypted. Add sslmode=verify-full to database.url.";
        ConnectionsEnough = "connections_enough",
            "Đang mở {connected} trên {connections} kết nối; mỗi máy chủ dùng tối đa {pool}." / "{connected} of {connections} connections are open; each server takes up to {pool}.";
        ConnectionsTight = "connections_tight",
            "{servers} máy chủ, mỗi máy tối đa {pool} kết nối, vượt quá {connections} kết nối của PostgreSQL. Hãy tăng max_connections hoặc giảm database.connections." / "{servers} servers with up to {pool} connections each are more than PostgreSQL's {connections}. Raise max_connections or lower database.connections.";

        // Clock.
        ClockRight = "clock_right",
            "Đồng hồ chỉ {now}." / "The clock says {now}.";
        ClockEarly = "clock_early",
            "Đồng hồ chỉ {now}, sớm hơn dòng mới nhất trong nhật ký kiểm toán ({newest}). Hãy đồng bộ giờ (NTP) trước khi chạy máy chủ." / "The clock says {now}, which is before the newest entry of the audit log ({newest}). Set it (NTP) before the server runs.";
        ClocksDiffer = "clocks_differ",
            "Đồng hồ máy này và máy cơ sở dữ liệu lệch {seconds} giây. Hãy đồng bộ cả hai (NTP)." / "This machine's clock and the database server's differ by {seconds} seconds. Synchronise both (NTP).";

        // Search.
        SearchComplete = "search_complete",
            "Chỉ mục tìm kiếm ({engine}) có đủ {count} mục công khai." / "The search index ({engine}) holds all {count} public items.";
        SearchDiffers = "search_differs",
            "Chỉ mục tìm kiếm ({engine}) có {documents} mục, cơ sở dữ liệu có {count} mục công khai. Nếu vẫn lệch sau một phút, hãy chạy: techex reindex." / "The search index ({engine}) holds {documents} items, the database {count} public ones. If they still differ in a minute, run: techex reindex.";
        SearchIncomplete = "search_incomplete",
            "Chỉ mục tìm kiếm ({engine}) chưa đủ. Hãy chạy: techex reindex." / "The search index ({engine}) is incomplete. Run: techex reindex.";
        SearchUnreachable = "search_unreachable",
            "Không dùng được chỉ mục tìm kiếm: {reason}." / "The search index cannot be used: {reason}.";
        SearchHeld = "search_held",
            "Một máy chủ đang giữ chỉ mục tìm kiếm; xem /readyz và số đo techex_search_documents của nó." / "A server holds the search index; see its /readyz and its figure techex_search_documents.";
        SearchNotShared = "search_not_shared",
            "{servers} máy chủ dùng chung cơ sở dữ liệu nhưng mỗi máy có chỉ mục riêng, nên kết quả tìm kiếm sẽ thiếu. Hãy dùng Meilisearch cho tất cả." / "{servers} servers share the database but each has a search index of its own, so results will lack items. Let all of them use Meilisearch.";

        // Disk.
        DiskRoomy = "disk_roomy",
            "{path} ghi được, còn trống {mib} MiB." / "{path} can be written, {mib} MiB are free.";
        DiskLow = "disk_low",
            "{path} chỉ còn trống {mib} MiB. Hãy giải phóng hoặc mở rộng ổ đĩa." / "{path} has only {mib} MiB free. Free some or enlarge the disk.";
        DiskUnwritable = "disk_unwritable",
            "Không ghi được vào {path}: {reason}." / "{path} cannot be written: {reason}.";

        // Files.
        FilesKept = "files_kept",
            "Tệp đính kèm được lưu ở {place}." / "Attached files are kept in {place}.";
        FilesUnusable = "files_unusable",
            "Không dùng được kho tệp {place}: {reason}. Hãy kiểm tra các thiết lập files.* và quyền ghi." / "The file store {place} cannot be used: {reason}. Check the settings files.* and the right to write there.";
        FilesNotShared = "files_not_shared",
            "{servers} máy chủ dùng chung cơ sở dữ liệu nhưng lưu tệp trong thư mục riêng của từng máy. Hãy dùng chung một thư mục hoặc một kho S3 (files.s3_bucket)." / "{servers} servers share the database but keep files in a folder each. Let them share one folder, or an S3 store (files.s3_bucket).";

        // Mail.
        MailAnswers = "mail_answers",
            "Máy chủ thư trả lời." / "The mail server answers.";
        MailUnreachable = "mail_unreachable",
            "Không gửi được thư: {reason}. Hãy kiểm tra mail.smtp_url." / "Mails cannot be sent: {reason}. Check mail.smtp_url.";
        MailToFolder = "mail_to_folder",
            "Chưa khai báo máy chủ thư: thư chỉ được ghi vào thư mục {path}, không ai nhận được. Hãy đặt mail.smtp_url." / "There is no mail server: mails are only written to the folder {path} and reach nobody. Set mail.smtp_url.";

        // Deliveries.
        OutboxFlowing = "outbox_flowing",
            "Không có việc chuyển tiếp nào bị kẹt ({waiting} đang chờ)." / "No deliveries are stuck ({waiting} waiting).";
        OutboxLate = "outbox_late",
            "{waiting} việc chuyển tiếp cho {consumer} đang chờ, việc cũ nhất từ {since}: {error}. Hãy xem máy chủ có chạy không." / "{waiting} deliveries to {consumer} are waiting, the oldest since {since}: {error}. See whether a server runs.";
        OutboxDead = "outbox_dead",
            "{dead} việc chuyển tiếp cho {consumer} đã bị bỏ, lỗi gần nhất: {error}. Hãy sửa nguyên nhân; dòng vẫn còn trong bảng outbox." / "{dead} deliveries to {consumer} were given up, the last because: {error}. Mend the cause; the rows are kept in the table outbox.";

        // Periodic work.
        JobsDone = "jobs_done",
            "{count} việc định kỳ không có lỗi." / "{count} periodic jobs run without failure.";
        JobFailing = "job_failing",
            "Việc định kỳ {job} thất bại {failures} lần liền: {error}. Hãy xem nhật ký của máy chủ." / "The periodic job {job} has failed {failures} times in a row: {error}. See the server's log.";
    }
}

/// One line of the doctor's report.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    pub about: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub matter: Matter,
    args: Vec<(&'static str, String)>,
}

impl Finding {
    /// Something as it should be.
    pub fn ok(about: &'static str, matter: Matter) -> Self {
        Self { about, level: Level::Ok, matter, args: Vec::new() }
    }

    /// Something to look at.
    pub fn warning(about: &'static str, matter: Matter) -> Self {
        Self { level: Level::Warning, ..Self::ok(about, matter) }
    }

    /// Something broken.
    pub fn error(about: &'static str, matter: Matter) -> Self {
        Self { level: Level::Error, ..Self::ok(about, matter) }
    }

    /// The same with one more value for its text.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string().split_whitespace().collect::<Vec<_>>().join(" ")));
        self
    }

    /// The text for a person.
    pub fn text(&self, locale: Locale) -> String {
        fill(self.matter.text(locale), &self.args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_matter_is_told_alike_in_both_languages() {
        let names = |text: &str| {
            let mut names: Vec<_> =
                text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
            names.sort();
            names
        };
        for matter in Matter::ALL {
            let (vi, en) = (matter.text(Locale::Vi), matter.text(Locale::En));
            assert!(vi.ends_with('.') && en.ends_with('.'), "{vi} {en}");
            assert_eq!(names(vi), names(en), "{}", matter.as_str());
        }
    }
}
