//! `techex admin`: the first officer, who then verifies organisations and moderates.

use clap::Args;
use deserr::Deserr;
use serde_json::Value;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crate::accounts::{self, NewOfficer, NewUser, Password};
use crate::config::Config;
use crate::events::{Origin, Tx};
use crate::kernel::locale::Locale;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;
use crate::wiring::{self, Sources, StartError};

/// Who becomes an officer of which authority.
#[derive(Args)]
pub struct Admin {
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// Full name.
    #[arg(long)]
    full_name: String,
    /// The name of the supervising authority; it is created if there is none of this name.
    #[arg(long, default_value = "Sở Khoa học và Công nghệ Hà Nội")]
    authority: String,
    /// A file whose first line is the password; without it the password is asked for, or read from standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Runs it.
pub fn run(config: Config, admin: &Admin) -> Result<(), StartError> {
    let email = parse("--email", &admin.email)?;
    let full_name = parse("--full-name", &admin.full_name)?;
    let authority = parse("--authority", &admin.authority)?;
    let password = Password::new(&read_password(admin)?);
    password.check(&email, accounts::OFFICER_PASSWORD_LENGTH).map_err(|errors| wrong("the password", &errors))?;
    let password_hash =
        password.hash().map_err(|problem| StartError(format!("the password: {}", problem.detail(Locale::En))))?;
    let system = wiring::assemble_without_index(config, Sources::default())?;
    let officer = NewOfficer { authority, user: NewUser { email, full_name, locale: Locale::Vi, password_hash } };
    let app = Arc::clone(&system.app);
    let origin = Origin { actor: None, request_id: "techex admin".into(), address: String::new() };
    let written = system.app.database.write(crate::db::Isolation::Serializable, move |conn| {
        let mut tx = Tx::new(conn, app.clock.now(), &app.writing, &origin);
        accounts::create_officer(&mut tx, &officer)
    });
    written.map_err(|failure| StartError(Problem::from(failure).detail(Locale::En)))?;
    println!("{} is an officer of {}", admin.email, admin.authority);
    Ok(())
}

fn parse<T: Deserr<FieldErrors>>(flag: &str, text: &str) -> Result<T, StartError> {
    deserr::deserialize(Value::from(text)).map_err(|errors: FieldErrors| wrong(flag, &errors))
}

fn wrong(what: &str, errors: &FieldErrors) -> StartError {
    let details: Vec<_> = errors.0.iter().map(|error| error.detail(Locale::En)).collect();
    StartError(format!("{what}: {}", details.join(" ")))
}

/// The password, never from an argument: other users of the machine can read those.
fn read_password(admin: &Admin) -> Result<String, StartError> {
    let failed = |error: std::io::Error| StartError(format!("the password: {error}"));
    let text = match &admin.password_file {
        Some(file) => std::fs::read_to_string(file).map_err(failed)?,
        None => {
            if std::io::stdin().is_terminal() {
                eprint!("Password (it is shown as you type): ");
                std::io::stderr().flush().map_err(failed)?;
            }
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
            line
        }
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
