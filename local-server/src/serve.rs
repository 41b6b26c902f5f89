//! From configuration to a listening server, and to a clean end.

use crate::config::Config;
use crate::secrets::Origin;
use crate::{figures, handles, listen, page, stores, sweep, traces};
use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, Method, header};
use axum::middleware::from_fn;
use metrics_exporter_prometheus::PrometheusHandle;
use owp_functions::clock::{Clock, SystemClock};
use owp_functions::{App, endpoints, github, router};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::CorsLayer;
use tracing::{info, warn};

/// Answers shorter than this are not worth compressing.
const COMPRESS_BYTES_MIN: u64 = 1024;

/// A backup's length and digest are those of the file.
const AS_IT_IS: NotForContentType = NotForContentType::const_new("application/vnd.sqlite3");

/// How long requests under way may take to end. Whoever stops a service usually kills it after ten seconds.
const DRAIN_MAX: Duration = Duration::from_secs(8);

pub async fn serve(config: Config, is_traced: bool) -> anyhow::Result<()> {
    let shown = figures::install()?;
    let opened = stores::open(&config).await?;
    let mut settings = config.settings.clone();
    settings.connections_max = handles::room_for(settings.connections_max);
    // Until now nobody could be heard, so nobody's silence counts.
    settings.rules.listening_since = SystemClock.now();
    let app = App::new(opened.store(), settings);
    let github = github::connect(&app.settings.github, app.clock.clone())?;
    let app = Arc::new(github.into_iter().fold(app, App::asking));
    let address = config.address;
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("can't listen on {address}; choose another port with --port"))?;
    let mut signals = StopSignals::catch().context("can't catch signals")?;
    announce(&config, listener.local_addr()?);

    let sweeper = (config.sweep_interval_s > 0)
        .then(|| tokio::spawn(sweep::sweep(app.clone(), Duration::from_secs(config.sweep_interval_s.into()))));
    let desk = app.github.is_some().then(|| tokio::spawn(sweep::work_at_desk(app.clone())));
    let noting = tokio::spawn(sweep::note_turned_away(app.clone()));
    let stopping = Arc::new(tokio::sync::Notify::new());
    let stop = {
        let (app, stopping) = (app.clone(), stopping.clone());
        async move {
            signals.recv().await;
            info!("stopping: no new connections, answering what is under way");
            app.drain();
            stopping.notify_one();
        }
    };
    let upkeep = tokio::spawn(figures::keep_up(shown.clone()));
    let routes = routes(&config, app.clone(), shown);
    let routes = if is_traced { routes.layer(from_fn(traces::traced)) } else { routes };
    let serving = listen::serve(listener, routes, app.clone(), config.patience, stop);
    let too_late = async {
        stopping.notified().await;
        tokio::time::sleep(DRAIN_MAX).await;
    };
    tokio::select! {
        () = serving => {}
        () = too_late => warn!("some requests were still under way; they are cut off"),
    }
    upkeep.abort();
    if let Some(sweeper) = sweeper {
        sweeper.abort();
    }
    if let Some(desk) = desk {
        desk.abort();
    }
    noting.abort();
    sweep::note_the_rest(&app).await;
    opened.close().await;
    info!("stopped, everything is committed");
    Ok(())
}

fn routes(config: &Config, app: Arc<App>, shown: PrometheusHandle) -> Router {
    let own = page::routes().merge(figures::routes(app.clone(), shown, config.metrics_token.clone()));
    let api = router(app, endpoints::routes());
    // A stream's events would wait in the compressor for more of their kind.
    let worth_it = SizeAbove::new(COMPRESS_BYTES_MIN).and(NotForContentType::SSE).and(AS_IT_IS);
    let compression = CompressionLayer::new().compress_when(worth_it);
    let all = own.fallback_service(api).layer(compression);
    if config.cors_origins.is_empty() {
        return all;
    }
    all.layer(
        CorsLayer::new()
            .allow_origin(config.cors_origins.clone())
            .allow_methods([Method::GET, Method::POST, Method::PATCH])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                HeaderName::from_static("x-admin-token"),
                HeaderName::from_static("idempotency-key"),
                HeaderName::from_static("last-event-id"),
                HeaderName::from_static("x-request-id"),
            ])
            .expose_headers([
                HeaderName::from_static("x-request-id"),
                HeaderName::from_static("ratelimit"),
                HeaderName::from_static("ratelimit-policy"),
                header::RETRY_AFTER,
            ]),
    )
}

/// The lines that whoever started the server is waiting for.
fn announce(config: &Config, address: SocketAddr) {
    println!("OWP Pool {} is ready at http://{address}", env!("CARGO_PKG_VERSION"));
    match &config.dynamodb_table {
        Some(table) => println!("  database     the DynamoDB table {table}"),
        None => println!("  database     {}", stores::place_in_words(&config.place)),
    }
    match &config.admin_token.origin {
        Origin::Given => println!("  admin token  as configured"),
        Origin::Kept(file) => println!("  admin token  in {}", file.display()),
        Origin::MadeNow(file) => {
            println!("  admin token  {}", config.admin_token.value);
            println!("               made now, shown this once, kept in {}", file.display());
        }
    }
}

/// Catches both ways of being told to stop; from the start line on, either leads to a clean end.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn catch() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
