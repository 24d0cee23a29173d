//! The `azward` binary: everything is in `azward::cli`.

fn main() -> std::process::ExitCode {
    azward::cli::run(std::env::args_os())
}
