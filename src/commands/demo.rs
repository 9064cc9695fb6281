//! `demo`: an empty database is filled with believable invented data.

use std::{process::ExitCode, time::Duration};

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use riscontro::{app::App, config::Config, demo};

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many work orders.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    work_orders: u64,
    /// The same seed gives the same people and letters.
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,
}

pub(crate) async fn run(config: Config, demo: &Demo) -> Result<ExitCode> {
    let app = App::build(config).await?;
    let bar = bar(demo.work_orders);
    let options = demo::Options { work_orders: demo.work_orders, seed: demo.seed };
    let filled = demo::fill(&app, &options, |opened| bar.set_position(opened)).await;
    bar.finish_and_clear();
    let url = app.config.public_url();
    app.desk.db.close().await;
    let filled = filled?;
    println!(
        "\n  {} work orders and {} taxpayers, all invented. Start the server, then:",
        filled.work_orders, filled.taxpayers
    );
    println!("\n  Riscontro: {url}");
    println!("  portal:    {}", filled.portal);
    for account in &filled.accounts {
        println!("  user:      {}\n  password:  {}", account.login, account.password);
    }
    println!("  (one time: they are asked to be changed, and not shown again)\n");
    Ok(ExitCode::SUCCESS)
}

/// Seen on a terminal only.
fn bar(work_orders: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} work orders  {rate}  {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", |state: &ProgressState, line: &mut dyn std::fmt::Write| {
                // A bar that cannot be drawn is no reason to stop.
                let _ = write!(line, "{:.0}/s", state.per_sec());
            });
    let bar = ProgressBar::new(work_orders).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
