//! `io-stand-in`: IO on this machine, so that the whole life of a notification can be shown and tried.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use riscontro::stand_in::{self, Clock, StandIn, ready};
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub(crate) struct IoStandIn {
    /// Where it listens. It believes whoever calls: keep it on this machine.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7072")]
    address: String,
}

pub(crate) async fn run(arguments: &IoStandIn) -> Result<ExitCode> {
    let listener = TcpListener::bind(&arguments.address).await.with_context(|| {
        format!("{} cannot be used: is a stand-in running there already?", arguments.address)
    })?;
    let place = listener.local_addr().context("the address of the stand-in")?;
    let ([use_key, second_use_key], [manage_key, second_manage_key]) = (ready::USE_KEYS, ready::MANAGE_KEYS);
    println!(
        "\n  A stand-in for IO, in memory only. Nothing leaves this machine.\n\n  \
         what came in:  http://{place}/\n  \
         base URL:      http://{place}/api/v1\n  \
         settings:      http://{place}/stand-in\n\n  \
         institution:   {} ({})\n  \
         manage key:    {manage_key}, or {second_manage_key}\n  \
         service:       {} ({})\n  \
         use key:       {use_key}, or {second_use_key}\n\n  \
         on IO:         {}, in German {}\n  \
         service off:   {}\n  \
         not on IO:     {}\n  \
         failing:       {}\n  \
         test code:     {}\n  \
         anybody else:  on IO\n",
        ready::INSTITUTION_NAME,
        ready::INSTITUTION_CODE,
        ready::SERVICE_NAME,
        ready::SERVICE,
        ready::ON,
        ready::ON_GERMAN,
        ready::OFF,
        ready::ABSENT,
        ready::FAILING,
        ready::TEST_CODE,
    );
    tokio::select! {
        served = stand_in::serve(listener, StandIn::new(Clock::MACHINE)) => served.context("the stand-in stopped")?,
        stopped = tokio::signal::ctrl_c() => stopped.context("waiting for the signal to stop")?,
    }
    Ok(ExitCode::SUCCESS)
}
