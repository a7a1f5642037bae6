//! The tables, once for both engines; a test compares this with both live schemas.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    users (id) {
        id -> Guid,
        email -> Text,
        full_name -> Text,
        password_hash -> Text,
        locale -> Text,
        email_verified_at -> Nullable<UtcTime>,
        disabled_at -> Nullable<UtcTime>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    email_tokens (token_hash) {
        token_hash -> Text,
        user_id -> Guid,
        purpose -> Text,
        created_at -> UtcTime,
        expires_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    sessions (id) {
        id -> Guid,
        user_id -> Guid,
        user_agent -> Text,
        address -> Text,
        created_at -> UtcTime,
        renewed_at -> UtcTime,
        expires_at -> UtcTime,
        ended_at -> Nullable<UtcTime>,
        end_reason -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> Guid,
        created_at -> UtcTime,
        spent_at -> Nullable<UtcTime>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    organizations (id) {
        id -> Guid,
        kind -> Text,
        name -> Text,
        name_folded -> Text,
        tax_code -> Nullable<Text>,
        province -> Nullable<Text>,
        website -> Nullable<Text>,
        about -> Nullable<Text>,
        verification -> Text,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    memberships (organization_id, user_id) {
        organization_id -> Guid,
        user_id -> Guid,
        role -> Text,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        version -> BigInt,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    verifications (id) {
        id -> Guid,
        organization_id -> Guid,
        decision -> Text,
        method -> Text,
        evidence -> Text,
        officer_id -> Guid,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    audit_log (id) {
        id -> Guid,
        at -> UtcTime,
        event -> Text,
        object_kind -> Text,
        object_id -> Guid,
        object_version -> BigInt,
        actor_id -> Nullable<Guid>,
        organization_id -> Nullable<Guid>,
        request_id -> Text,
        address -> Text,
        changes -> JsonDoc,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    outbox (id) {
        id -> Guid,
        consumer -> Text,
        event_id -> Guid,
        event -> Text,
        object_id -> Guid,
        attempts -> Integer,
        available_at -> UtcTime,
        last_error -> Nullable<Text>,
        dead_at -> Nullable<UtcTime>,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{JsonDoc, UtcTime};
    idempotency_keys (scope, key) {
        scope -> Text,
        key -> Text,
        fingerprint -> Text,
        answer -> Nullable<JsonDoc>,
        created_at -> UtcTime,
        expires_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    reference_items (list, code) {
        list -> Text,
        code -> Text,
        parent -> Nullable<Text>,
        name_vi -> Text,
        name_en -> Text,
        position -> Integer,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    listings (id) {
        id -> Guid,
        organization_id -> Guid,
        status -> Text,
        language -> Text,
        title -> Text,
        summary -> Nullable<Text>,
        description -> Nullable<Text>,
        problem_solved -> Nullable<Text>,
        existing_solution -> Nullable<Text>,
        measured_advantage -> Nullable<Text>,
        economics -> Nullable<Text>,
        trl -> Nullable<SmallInt>,
        transfer_forms -> JsonDoc,
        price -> JsonDoc,
        price_from -> Nullable<BigInt>,
        price_to -> Nullable<BigInt>,
        research_field -> Nullable<Text>,
        ipc -> JsonDoc,
        keywords -> JsonDoc,
        source -> Nullable<Text>,
        external_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        submitted_at -> Nullable<UtcTime>,
        published_at -> Nullable<UtcTime>,
        trl_rank -> SmallInt,
        price_rank -> BigInt,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    orders (id) {
        id -> Guid,
        organization_id -> Guid,
        status -> Text,
        language -> Text,
        title -> Text,
        summary -> Nullable<Text>,
        problem -> Nullable<Text>,
        context -> Nullable<Text>,
        requirements -> JsonDoc,
        success_criteria -> Nullable<Text>,
        out_of_scope -> Nullable<Text>,
        trl_wanted -> Nullable<SmallInt>,
        cooperation_forms -> JsonDoc,
        budget -> JsonDoc,
        budget_from -> Nullable<BigInt>,
        budget_to -> Nullable<BigInt>,
        deadline_on -> Nullable<Date>,
        research_field -> Nullable<Text>,
        ipc -> JsonDoc,
        keywords -> JsonDoc,
        source -> Nullable<Text>,
        external_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        submitted_at -> Nullable<UtcTime>,
        published_at -> Nullable<UtcTime>,
        trl_rank -> SmallInt,
        budget_rank -> BigInt,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;
    labels (item_id, facet, value) {
        item_id -> Guid,
        facet -> Text,
        value -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    reviews (id) {
        id -> Guid,
        subject_kind -> Text,
        subject_id -> Guid,
        decision -> Text,
        reasons -> JsonDoc,
        officer_id -> Guid,
        created_at -> UtcTime,
    }
}

joinable!(email_tokens -> users (user_id));
joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(memberships -> organizations (organization_id));
joinable!(memberships -> users (user_id));
joinable!(verifications -> organizations (organization_id));
joinable!(listings -> organizations (organization_id));
joinable!(orders -> organizations (organization_id));
allow_tables_to_appear_in_same_query!(
    users,
    email_tokens,
    sessions,
    refresh_tokens,
    organizations,
    memberships,
    verifications,
    audit_log,
    outbox,
    idempotency_keys,
    reference_items,
    listings,
    orders,
    labels,
    reviews,
);
