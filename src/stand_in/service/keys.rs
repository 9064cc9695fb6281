//! The use keys of a service: two that are worth the same, so that one can be changed while the other is in use (facts 1.6).

use serde_json::{Value, json};

use super::{
    super::{
        account::new_key,
        answer::{Answer, Outcome, Refusal},
        world::{Request, World},
    },
    own_living,
};

/// `GET /manage/services/{id}/keys`.
pub fn show(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    world.manages_from_here(&request.caller)?;
    Ok(Answer::Found(pair(&own_living(world, request)?.keys)))
}

/// `PUT /manage/services/{id}/keys/{primary|secondary}`: the old one is worth nothing from now on.
pub fn regenerate(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let place = match request.place("key") {
        "primary" => 0,
        "secondary" => 1,
        other => {
            let flaws = format!("value [{}] at [root] is not a valid [SubscriptionKeyType]", json!(other));
            return Err(Refusal::problem(400, "Invalid SubscriptionKeyType", flaws));
        }
    };
    world.manages_from_here(&request.caller)?;
    let service = own_living(world, request)?;
    service.keys[place] = new_key();
    Ok(Answer::Found(pair(&service.keys)))
}

fn pair(keys: &[String; 2]) -> Value {
    json!({ "primary_key": keys[0], "secondary_key": keys[1] })
}
