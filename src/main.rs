//! The one binary.

fn main() -> std::process::ExitCode {
    techex::cli::run()
}
