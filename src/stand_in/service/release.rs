//! Publication: what citizens see, once it was approved.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    super::{
        answer::{Answer, Outcome, Refusal},
        world::{Request, World},
    },
    Publication, State, copy, own,
    sheet::shown,
};

/// An approved sheet becomes the one that citizens see. Without `auto_publish` it is hidden, also if it was seen before (trap 18).
pub fn release(world: &mut World, id: &str, publish: bool, at: DateTime<Utc>) {
    let Some(service) = world.services.get_mut(id).filter(|service| service.state != State::Deleted) else {
        return;
    };
    let sheet = service.sheet.clone();
    service.publish(Publication { published: publish, sheet: sheet.clone(), last_update: at });
    copy(world, id, &sheet, at);
}

/// `POST /manage/services/{id}/release`.
pub fn publish(world: &mut World, request: &Request) -> Outcome {
    switch(world, request, true)
}

/// `DELETE /manage/services/{id}/release`.
pub fn hide(world: &mut World, request: &Request) -> Outcome {
    switch(world, request, false)
}

/// `GET /manage/services/{id}/release`.
pub fn show(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?;
    let Some(publication) = &service.publication else { return Err(Refusal::not_found(&service.id)) };
    let status = json!(if publication.published { "published" } else { "unpublished" });
    Ok(Answer::Found(shown(&service.id, status, publication.last_update, &publication.sheet)))
}

fn switch(world: &mut World, request: &Request, published: bool) -> Outcome {
    world.manages(&request.caller)?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?;
    let Some(publication) = service.publication.clone() else { return Err(Refusal::not_found(&service.id)) };
    if service.state == State::Deleted && published {
        return Err(Refusal::not_found(&service.id));
    }
    // Asked for what it is already, IO says yes and does nothing.
    if publication.published != published {
        service.publish(Publication { published, last_update: request.now, ..publication });
    }
    Ok(Answer::Done)
}
