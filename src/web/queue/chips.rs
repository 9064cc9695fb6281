//! The filters in force, each with the address that takes it away.

use entity::{operator, request_kind, work_order::Status};
use serde::Serialize;
use uuid::Uuid;

use super::view::{CHANNELS, View};
use crate::store::work_order::{AssigneeFilter, StatusFilter};

/// One filter.
#[derive(Serialize)]
pub struct Chip {
    label: String,
    remove_href: String,
}

/// Filters that no view of the list explains, each with the address without it.
pub fn chips(view: &View, me: Uuid, people: &[operator::Model], kinds: &[request_kind::Model]) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut chip =
        |label: String, without: View| chips.push(Chip { label, remove_href: without.href(me, None) });
    let status = match view.status {
        StatusFilter::Open => None,
        StatusFilter::All => Some("tutti"),
        StatusFilter::One(Status::New) => Some("Nuovo"),
        StatusFilter::One(Status::InProgress) => Some("In lavorazione"),
        StatusFilter::One(Status::Waiting) => Some("In attesa"),
        StatusFilter::One(Status::Closed) => Some("Chiuso"),
    };
    if let Some(status) = status {
        chip(format!("Stato: {status}"), View { status: StatusFilter::Open, ..view.clone() });
    }
    let assignee = match view.assignee {
        AssigneeFilter::Anyone => None,
        AssigneeFilter::Nobody => Some("nessuno"),
        AssigneeFilter::One(id) if id == me => Some("me"),
        AssigneeFilter::One(id) => {
            Some(people.iter().find(|one| one.id == id).map_or("sconosciuto", |one| one.name.as_str()))
        }
    };
    if let Some(assignee) = assignee {
        chip(format!("Assegnato a: {assignee}"), View { assignee: AssigneeFilter::Anyone, ..view.clone() });
    }
    if let Some(id) = view.kind {
        let kind = kinds.iter().find(|kind| kind.id == id).map_or("sconosciuta", |kind| kind.name.as_str());
        chip(format!("Tipologia: {kind}"), View { kind: None, ..view.clone() });
    }
    if let Some((_, _, name)) = CHANNELS.iter().find(|(channel, _, _)| Some(*channel) == view.channel) {
        chip(format!("Arrivati da: {name}"), View { channel: None, ..view.clone() });
    }
    if view.due_soon {
        chip("In scadenza".to_owned(), View { due_soon: false, ..view.clone() });
    }
    if view.contested {
        chip("Contestati".to_owned(), View { contested: false, ..view.clone() });
    }
    if !view.q.is_empty() {
        chip(format!("Oggetto: {}", view.q), View { q: String::new(), ..view.clone() });
    }
    chips
}
