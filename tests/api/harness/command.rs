//! Commands, run as operators run them: beside a server, on its database, in a folder of their own.

use std::process::Command;

use super::Exchange;

/// What a run of the command came to.
pub struct Run {
    good: bool,
    pub told: String,
    pub complaints: String,
}

impl Run {
    /// Checks that it went well and said this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.good && self.told.contains(text), "{}{}", self.told, self.complaints);
        self
    }

    /// Checks that it was refused with this complaint.
    #[track_caller]
    pub fn refuses(&self, complaint: &str) -> &Self {
        assert!(!self.good, "{}{}", self.told, self.complaints);
        self.complains(complaint)
    }

    /// Checks that it failed, having said this where it says what it finds.
    #[track_caller]
    pub fn fails_saying(&self, text: &str) -> &Self {
        assert!(!self.good && self.told.contains(text), "{}{}", self.told, self.complaints);
        self
    }

    #[track_caller]
    pub fn complains(&self, complaint: &str) -> &Self {
        assert!(self.complaints.contains(complaint), "{complaint:?} is not in: {}", self.complaints);
        self
    }
}

/// Runs `techex` with these arguments on the exchange's database; its data folder is `operator/data` in the test's folder.
pub fn techex(x: &Exchange, arguments: &[&str]) -> Run {
    let common = ["--database-url", x.database_url(), "--data-dir", "data"];
    techex_on(x, &[arguments, &common].concat())
}

/// Runs `techex` with these arguments and no others.
pub fn techex_on(x: &Exchange, arguments: &[&str]) -> Run {
    let folder = x.folder.path().join("operator");
    std::fs::create_dir_all(&folder).expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_techex"))
        .current_dir(&folder)
        .args(arguments)
        // A live server for the tests is not what operators have here.
        .env_remove("MEILI_URL")
        .env_remove("MEILI_KEY")
        .output()
        .expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Run { good: output.status.success(), told: text(output.stdout), complaints: text(output.stderr) }
}

/// A file in the test's folder; its path.
pub fn file(x: &Exchange, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = x.folder.path().join(name);
    std::fs::write(&path, content).expect("the file is written");
    path.display().to_string()
}
