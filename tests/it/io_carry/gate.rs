//! A gate in the line: one call stops there until the test lets it go.

use std::sync::{Arc, Mutex};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use tokio::sync::{Notify, watch};

/// Where a call can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The question for a profile has arrived, and is not answered.
    Asked,
    /// It is answered, and nobody has heard it.
    Answered,
    /// A message has arrived, and IO has not looked at it.
    Sent,
    /// IO has it, and nobody has heard so.
    Taken,
    /// The question what became of a message has arrived.
    Looked,
}

/// The gate. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    shut: Mutex<Option<Stop>>,
    reached: Notify,
    open: watch::Sender<bool>,
}

impl Default for Inside {
    fn default() -> Self {
        Self { shut: Mutex::default(), reached: Notify::new(), open: watch::Sender::new(true) }
    }
}

impl Gate {
    /// The next call that comes here stops.
    pub fn shut(&self, at: Stop) {
        self.0.open.send_replace(false);
        *self.0.shut.lock().unwrap() = Some(at);
    }

    /// Waits until a call stands there.
    pub async fn reached(&self) {
        self.0.reached.notified().await;
    }

    /// Lets it go, and everybody after it.
    pub fn open(&self) {
        *self.0.shut.lock().unwrap() = None;
        self.0.open.send_replace(true);
    }

    async fn stop(&self, here: Option<Stop>) {
        let stops = here.is_some() && {
            let mut shut = self.0.shut.lock().unwrap();
            *shut == here && shut.take().is_some()
        };
        if stops {
            let mut open = self.0.open.subscribe();
            self.0.reached.notify_one();
            drop(open.wait_for(|open| *open).await);
        }
    }
}

pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (before, after) = if path.ends_with("/profiles") {
        (Some(Stop::Asked), Some(Stop::Answered))
    } else if path.ends_with("/messages") {
        (Some(Stop::Sent), Some(Stop::Taken))
    } else if request.method() == Method::GET && path.contains("/messages/") {
        (Some(Stop::Looked), None)
    } else {
        (None, None)
    };
    gate.stop(before).await;
    let answer = next.run(request).await;
    gate.stop(after).await;
    answer
}
