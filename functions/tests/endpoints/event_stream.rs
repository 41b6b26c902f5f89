//! Answers that are no JSON document: streams of events as a client reads them, by the rules for server-sent events and each
//! event held to the contract; and exports.

use crate::conforms;
use crate::pool::{Ask, Pool};
use axum::body::{Body, BodyDataStream};
use eventsource_stream::{EventStream, Eventsource};
use futures::StreamExt;
use http_body_util::BodyExt;
use serde_json::Value;
use std::pin::Pin;
use tower::ServiceExt;

pub struct Stream {
    events: Pin<Box<EventStream<BodyDataStream>>>,
    /// Where to resume.
    pub last_id: String,
}

impl Pool {
    /// Asks for a stream of events, which must be one.
    pub async fn stream(&self, ask: Ask) -> Stream {
        Stream::of(self.streamed(ask).await)
    }

    pub async fn raw_stream(&self, ask: Ask) -> RawStream {
        RawStream::of(self.streamed(ask).await)
    }

    async fn streamed(&self, ask: Ask) -> Body {
        let request = ask.header("accept", "text/event-stream").into_request();
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let header = |name| response.headers().get(name).map(|value| value.to_str().expect("ASCII"));
        assert_eq!((response.status().as_u16(), header("content-type")), (200, Some("text/event-stream")));
        assert_eq!(header("cache-control"), Some("no-store"));
        response.into_body()
    }

    /// Asks for something to keep, which must be of this type.
    pub async fn download(&self, ask: Ask, content_type: &str) -> String {
        let response = self.router.clone().oneshot(ask.into_request()).await.expect("the router answers");
        let header = |name| response.headers().get(name).map_or("", |value| value.to_str().expect("ASCII"));
        assert_eq!((response.status().as_u16(), header("content-type")), (200, content_type));
        assert!(header("content-disposition").starts_with("attachment; filename="));
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(bytes.to_vec()).expect("UTF-8")
    }
}

/// What a stream brings.
#[derive(Debug, PartialEq)]
pub enum Met {
    Event(Value),
    /// Its last words.
    End(String),
    /// The connection is closed.
    Closed,
}

impl Stream {
    pub fn of(body: Body) -> Self {
        Self { events: Box::pin(body.into_data_stream().eventsource()), last_id: String::new() }
    }

    pub async fn next(&mut self) -> Met {
        let Some(event) = self.events.next().await else { return Met::Closed };
        let event = event.expect("a stream that can be read");
        self.last_id = event.id;
        let data: Value = serde_json::from_str(&event.data).expect("data in JSON");
        if event.event == "end" {
            return Met::End(data["reason"].as_str().expect("a reason").to_owned());
        }
        conforms::check_schema("Event", &data);
        assert_eq!((&data["type"], &data["id"]), (&Value::from(event.event), &Value::from(&*self.last_id)));
        Met::Event(data)
    }

    /// The next events, so many.
    pub async fn take(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            match self.next().await {
                Met::Event(event) => events.push(event),
                other => panic!("{other:?} after {} of {count} events", events.len()),
            }
        }
        events
    }

    /// All that still comes, and why it ends.
    pub async fn rest(&mut self) -> (Vec<Value>, String) {
        let mut events = Vec::new();
        loop {
            match self.next().await {
                Met::Event(event) => events.push(event),
                Met::End(reason) => {
                    assert_eq!(self.next().await, Met::Closed, "nothing follows the end");
                    return (events, reason);
                }
                Met::Closed => panic!("it was closed without a word"),
            }
        }
    }
}

/// A stream, unread.
pub struct RawStream(BodyDataStream);

impl RawStream {
    pub fn of(body: Body) -> Self {
        Self(body.into_data_stream())
    }

    pub async fn chunk(&mut self) -> String {
        let chunk = self.0.next().await.expect("there is more").expect("it can be read");
        String::from_utf8(chunk.to_vec()).expect("UTF-8")
    }
}
