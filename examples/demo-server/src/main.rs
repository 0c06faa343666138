//! Serves the demo.

use std::io::Write;
use std::net::TcpListener;
use std::process::ExitCode;

use muticket_core::causes::with_causes;
use muticket_demo::{Options, SetupError, Usage, parse, settings, site_with};
use rocket::Config;
use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;

fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(Usage::Serve(options)) => options,
        Ok(Usage::Help(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("muticket-demo: {error}");
            return ExitCode::from(2);
        }
    };
    match rocket::execute(serve(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("muticket-demo: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), String> {
    let settings = settings();
    if options.fresh {
        // Check before anything is deleted: a demo that is already running may use the same files.
        port_is_free(&settings)?;
    }
    let site = site_with(settings, &options).await.map_err(|error| with_causes(&error))?;
    let greeting = AdHoc::on_liftoff("Greeting", move |rocket| {
        Box::pin(async move {
            let config = rocket.config();
            let text = greeting(&format!("http://{}:{}", config.address, config.port), &options);
            // Nobody may be reading standard output, so a failure does not matter.
            let _ = std::io::stdout().write_all(text.as_bytes());
        })
    });
    let port = site.figment().extract_inner("port").unwrap_or_default();
    match site.attach(greeting).launch().await {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.kind() {
            ErrorKind::Bind(cause) => cannot_listen(port, cause),
            // The module has already logged the reason to standard output.
            ErrorKind::FailedFairings(_) => "the site could not start; see the error above".to_owned(),
            kind => kind.to_string(),
        }),
    }
}

fn port_is_free(settings: &Figment) -> Result<(), String> {
    let config = Config::try_from(settings).map_err(|error| with_causes(&SetupError::Config(Box::new(error))))?;
    TcpListener::bind((config.address, config.port)).map(|_| ()).map_err(|cause| cannot_listen(config.port, &cause))
}

fn cannot_listen(port: u16, cause: &std::io::Error) -> String {
    let other = port.checked_add(1).unwrap_or(8000);
    format!("cannot listen on port {port} ({cause}); choose another port: ROCKET_PORT={other} muticket-demo")
}

fn greeting(address: &str, options: &Options) -> String {
    let letters = match &options.smtp {
        None => format!("Emails are shown on {address}/mailbox"),
        Some(_) => "Emails are sent through the mail server".to_owned(),
    };
    let first = if options.empty {
        "Sign in as Ada, choose the supporter group in the settings, then add Sara as a supporter who is present."
    } else {
        "Sign in as Anna (customer), Sara (supporter) or Ada (administrator). One click, no password."
    };
    format!(
        "The MuTicket demo runs at {address} (press Ctrl-C to stop).\n  {first}\n  {letters}. `--fresh` starts over, `--help` lists all options.\n"
    )
}
