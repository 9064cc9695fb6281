//! `serve`: pages, mailboxes, letters, until somebody says stop.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use riscontro::{app::App, config::Config, demo, web, worker};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long open requests and letters under way may take after the signal to stop.
const FAREWELL: Duration = Duration::from_secs(35);

pub(crate) async fn run(config: Config) -> Result<ExitCode> {
    let address = config.server.address.clone();
    // Before anything is created: a port that is taken often means that the program already runs on this data.
    let listener = TcpListener::bind(&address)
        .await
        .with_context(|| format!("server.address {address} cannot be used: is Riscontro already running, or another program on that port?"))?;
    let mut app = App::build(config).await?;
    app.take_instance()?;
    let first = app.first_start().await?;
    let stop = CancellationToken::new();
    let porter = worker::start(&app, &stop);
    let url = app.config.public_url();
    tracing::info!(address = %listener.local_addr()?, "Riscontro is ready");
    match first {
        Some(first) => println!(
            "\n  Riscontro: {url}\n  user:      {}\n  password:  {}   (one time: it is asked to be changed, and not shown again)\n",
            first.login, first.password
        ),
        None => println!("\n  Riscontro: {url}\n"),
    }
    if let Some(stand_in) = demo::io::stand_in_beside(&app).await? {
        println!("  IO, played by this program for the demo: {stand_in}\n");
    }
    let pages = web::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serve = axum::serve(listener, pages).with_graceful_shutdown(asked_to_stop(stop.clone()));
    let served = serve.await;
    stop.cancel();
    if tokio::time::timeout(FAREWELL, porter.wait()).await.is_err() {
        tracing::warn!("work under way was left; it is taken up again at the next start");
    }
    app.desk.db.close().await;
    served.context("the web server stopped")?;
    Ok(ExitCode::SUCCESS)
}

async fn asked_to_stop(stop: CancellationToken) {
    let terminate = async {
        #[cfg(unix)]
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
    stop.cancel();
}
