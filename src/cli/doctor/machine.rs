//! The machine: disk, file permissions, clock.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::{Finding, Matter};
use crate::config::Config;
use crate::kernel::clock::At;

/// Whether others may read what they should not: the secrets, the database and everything else in the data folder.
pub fn permissions(config: &Config) -> Vec<Finding> {
    let about = "permissions";
    let data = config.data_dir();
    let named = [
        &config.auth.secret_file,
        &config.auth.previous_secret_file,
        &config.database.password_file,
        &config.mail.smtp_url_file,
        &config.search.meili_key_file,
        &config.files.s3_secret_file,
    ];
    // What a container is handed there is for whoever runs in it; the folder outside keeps others out.
    let handed = |path: &&String| path.starts_with("/run/secrets/");
    let secrets = named.into_iter().filter(|path| !path.is_empty() && !handed(path)).map(PathBuf::from);
    let kept = ["auth-secret"].into_iter().map(|name| data.join(name));
    let mut findings: Vec<_> = secrets.chain(kept).filter_map(|path| open_to_others(&path, "600")).collect();
    findings.extend(open_to_others(data, "700"));
    if findings.is_empty() {
        findings.push(Finding::ok(about, Matter::SecretsClosed));
    }
    findings
}

/// The warning if others than the owner have any right to what is there. A group alone is how containers hand secrets over,
/// so for files only the rights of everybody count.
fn open_to_others(path: &Path, wanted: &str) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let open = permissions & 0o007 != 0;
    open.then(|| {
        Finding::warning("permissions", Matter::SecretReadable)
            .with("path", path.display())
            .with("permissions", format!("{permissions:o}"))
            .with("wanted", wanted)
    })
}

const MIB: u64 = 1 << 20;
/// Free space below which it is time to act, and below which writes will soon fail, in MiB.
const LOW: u64 = 2_048;
const ALMOST_FULL: u64 = 256;

/// Whether the folders that are written to can be, and how much room they have.
pub fn disk(config: &Config) -> Vec<Finding> {
    let data = config.data_dir().to_owned();
    let url = config.database_url();
    let database = url.strip_prefix("sqlite:").unwrap_or(&url);
    let database = Path::new(database).parent().filter(|folder| folder.is_dir()).map(Path::to_owned);
    let mut folders = vec![data];
    folders.extend(database);
    folders.dedup();
    folders.iter().map(|folder| room(folder)).collect()
}

fn room(folder: &Path) -> Finding {
    let about = "disk";
    // Before the first start the folder itself is not there yet.
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let folder = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    if let Err(error) = try_writing(folder) {
        return Finding::error(about, Matter::DiskUnwritable).with("path", folder.display()).with("reason", error);
    }
    let free = rustix::fs::statvfs(folder).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) / MIB);
    let finding = match free {
        Ok(..ALMOST_FULL) => Finding::error(about, Matter::DiskLow),
        Ok(..LOW) => Finding::warning(about, Matter::DiskLow),
        Ok(_) => Finding::ok(about, Matter::DiskRoomy),
        Err(error) => Finding::error(about, Matter::DiskUnwritable).with("reason", error),
    };
    finding.with("path", folder.display()).with("mib", free.unwrap_or_default())
}

fn try_writing(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&path, b"x")?;
    fs::remove_file(path)
}

/// Whether the clock can be right: not before the newest thing that is known to have happened.
pub fn clock(now: At, newest: Option<At>) -> Finding {
    match newest.filter(|newest| now < *newest) {
        Some(newest) => Finding::error("clock", Matter::ClockEarly).with("now", now).with("newest", newest),
        None => Finding::ok("clock", Matter::ClockRight).with("now", now),
    }
}
