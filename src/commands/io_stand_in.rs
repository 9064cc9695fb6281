//! `io-stand-in`: IO on this machine, so that the whole life of a notification can be shown and tried.
//!
//! A demo's server starts one by itself ([`riscontro::demo::io`]).

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use riscontro::stand_in::{self, Clock, StandIn, ready};
use tokio::net::TcpListener;

/// What can be set, and how: the page shows only what came in.
const HELP: &str = r#"What came in is shown at http://HOST:PORT/, as the citizen sees it. What can be set and counted, as JSON under /stand-in:

  GET  /stand-in                      everything there is: knobs, faults, institutions, services, citizens
  PUT  /stand-in/knobs                only what is named is changed:
                                      latency_ms, processing_seconds, copy_seconds, review_seconds,
                                      review (approve | wait | {"reject": "why"}), calls_per_window (150 in five seconds),
                                      others (on | off | absent), notification, strange
  POST /stand-in/faults               {"door": "profiles | messages | status | manage | any", "times": 3, "fault": ...}; faults:
                                      {"too_many": 4}, "server_error", "bad_gateway", {"gateway": 401}, {"bare": 403},
                                      {"problem": [403, "Recipient forbidden"]}, "hang_up", "drop" (done, and nobody hears of it)
  DELETE /stand-in/faults             nothing goes wrong any more
  PUT  /stand-in/citizens/CODE        {"registration": "on | off | absent", "fate": "FAILED"}
  PUT  /stand-in/institutions/ID/groups
                                      [names]: all that the institution may do from now on, what it may already included;
                                      both and the ID are shown by GET /stand-in
  POST /stand-in/clock                {"seconds": 604800}: a week passes
  GET  /stand-in/messages, /calls     the newest 500; PUT /stand-in/messages/ID {"status": "REJECTED", "read": true}

For example: curl -X POST -H 'content-type: application/json' -d '{"door":"messages","fault":"drop"}' http://127.0.0.1:7072/stand-in/faults

Remote content is something that PagoPA grants, and a new institution has not. To grant it to the one that is there:
curl -X PUT -H 'content-type: application/json' -d '["ApiMessageWrite","ApiInfoRead","ApiMessageRead","ApiLimitedProfileRead","ApiServiceWrite","ApiThirdPartyMessageWrite","ApiRemoteContentConfigurationWrite"]' http://127.0.0.1:7072/stand-in/institutions/01J0STAND0N0NST0TVT00N0000/groups"#;

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
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
         institution:   {} ({}), ID {}\n  \
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
        ready::INSTITUTION,
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
