//! A bucket of an S3-compatible store. Requests go through the HTTP client that the program has anyway, so that it needs no
//! second one.

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, Request};
use std::time::Duration;
use tokio::runtime::Handle;

use super::StorageError;
use crate::config::FileStore;

/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long the store may be silent.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How often a request that failed is sent again, and for how long.
const TRIES: usize = 3;
const TRY_FOR: Duration = Duration::from_secs(20);

/// The bucket; nothing is asked of it yet.
pub(super) fn open(settings: &FileStore, threads: &Handle) -> Result<AmazonS3, StorageError> {
    let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
    let builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.s3_bucket)
        .with_region(&settings.s3_region)
        .with_access_key_id(&settings.s3_key_id)
        .with_secret_access_key(settings.s3_secret.expose())
        .with_allow_http(settings.s3_endpoint.starts_with("http://"))
        // One file at a time is removed, which every such store knows how to do.
        .with_disable_bulk_delete(true)
        .with_retry(RetryConfig { backoff, max_retries: TRIES, retry_timeout: TRY_FOR })
        .with_http_connector(Connector(threads.clone()));
    let builder = match settings.s3_endpoint.as_str() {
        "" => builder,
        endpoint => builder.with_endpoint(endpoint.trim_end_matches('/')),
    };
    Ok(builder.build()?)
}

/// Makes the client.
#[derive(Debug)]
struct Connector(Handle);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .read_timeout(ANSWER_WITHIN)
            .redirect(Policy::none())
            .build()
            .map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(Transport { client, threads: self.0.clone() }))
    }
}

/// Sends requests from the store's own threads, where the connections live, whoever asks; the answer's body is read by the
/// one who asked, at their own pace.
#[derive(Debug)]
struct Transport {
    client: Client,
    threads: Handle,
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string().parse().map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let mut request = Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(Body::wrap(body));
        let answer = self.threads.spawn(self.client.execute(request)).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?.map_err(failed)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut response = HttpResponse::new(HttpResponseBody::new(Body::from(answer).map_err(failed)));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// A failure on the way, sorted by whether trying again may help; without the address, which carries a signature.
fn failed(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_decode() {
        HttpErrorKind::Decode
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, error.without_url())
}
