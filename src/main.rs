//! The one binary.

/// Gives memory back sooner and is quicker under many threads than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    techex::cli::run()
}
