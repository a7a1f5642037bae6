//! Extractors: what a handler asks for, each of which also describes itself in the operation's declaration.

mod body;
mod call;
mod path;
mod query;
mod upload;

pub(super) use body::RawBody;
pub use body::{Body, MergePatch};
pub(super) use call::Bearer;
pub use call::{
    Access, Authenticated, Authenticator, Call, Level, Officer, OfficerActor, Public, SessionRef, SignedIn, SteppedUp,
    Token,
};
pub use path::Path;
pub use query::{Csv, Param, Query};
pub use upload::{Pace, Upload};
