//! Serves the site from the current folder.

use std::error::Error;
use std::path::Path;

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let (app, worker) = axum_site::site(Path::new(".")).await?;
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let stop = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    axum::serve(listener, app).with_graceful_shutdown(stop).await?;
    worker.stop().await;
    Ok(())
}
