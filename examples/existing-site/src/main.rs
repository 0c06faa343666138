//! Serves the site from the current folder.

use std::error::Error;
use std::path::Path;

#[rocket::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    existing_site::site(Path::new(".")).await?.launch().await?;
    Ok(())
}
