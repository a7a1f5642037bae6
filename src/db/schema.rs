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
        pending_email -> Nullable<Text>,
        disabled_reason -> Nullable<Text>,
        reminded_at -> Nullable<UtcTime>,
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
        email -> Nullable<Text>,
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
        second_factor_at -> Nullable<UtcTime>,
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
    second_factors (user_id) {
        user_id -> Guid,
        secret -> Text,
        confirmed_at -> Nullable<UtcTime>,
        last_step -> BigInt,
        failures -> Integer,
        wait_until -> Nullable<UtcTime>,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    recovery_codes (code_hash) {
        code_hash -> Text,
        user_id -> Guid,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    api_keys (id) {
        id -> Guid,
        organization_id -> Guid,
        name -> Text,
        role -> Text,
        prefix -> Text,
        key_hash -> Text,
        created_by -> Guid,
        created_at -> UtcTime,
        expires_at -> UtcTime,
        last_used_at -> Nullable<UtcTime>,
        revoked_at -> Nullable<UtcTime>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
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
        name_en -> Nullable<Text>,
        about_en -> Nullable<Text>,
        contact_email -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        founded_year -> Nullable<SmallInt>,
        research_fields -> JsonDoc,
        competences -> JsonDoc,
        credentials -> JsonDoc,
        verified_at -> Nullable<UtcTime>,
        verified_method -> Nullable<Text>,
        verified_until -> Nullable<Date>,
        deactivated_at -> Nullable<UtcTime>,
        deactivated_by -> Nullable<Text>,
        deactivation_reason -> Nullable<Text>,
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
        signatory_basis -> Nullable<Text>,
        signatory_reference -> Nullable<Text>,
        signatory_since -> Nullable<UtcTime>,
        signatory_until -> Nullable<Date>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    invitations (id) {
        id -> Guid,
        organization_id -> Guid,
        email -> Text,
        role -> Text,
        status -> Text,
        token_hash -> Nullable<Text>,
        mails -> Integer,
        mailed_at -> UtcTime,
        invited_by -> Guid,
        expires_at -> UtcTime,
        ended_at -> Nullable<UtcTime>,
        version -> BigInt,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    verifications (id) {
        id -> Guid,
        organization_id -> Guid,
        decision -> Text,
        method -> Nullable<Text>,
        evidence -> Text,
        evidence_sha256 -> Nullable<Text>,
        expires_on -> Nullable<Date>,
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
        api_key_id -> Nullable<Guid>,
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
    use crate::db::types::UtcTime;
    jobs (name) {
        name -> Text,
        due_at -> UtcTime,
        finished_at -> Nullable<UtcTime>,
        failures -> Integer,
        last_error -> Nullable<Text>,
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
    reference_items (list, code, version) {
        list -> Text,
        code -> Text,
        version -> Text,
        parent -> Nullable<Text>,
        name_vi -> Nullable<Text>,
        name_en -> Nullable<Text>,
        folded -> Text,
        position -> Integer,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}
table! {
    use diesel::sql_types::*;
    reference_versions (list, version) {
        list -> Text,
        version -> Text,
        source -> Text,
        effective_from -> Nullable<Date>,
        complete -> Bool,
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
        registered_only -> JsonDoc,
        whole -> Nullable<JsonDoc>,
        source -> Nullable<Text>,
        external_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        submitted_at -> Nullable<UtcTime>,
        published_at -> Nullable<UtcTime>,
        expires_at -> Nullable<UtcTime>,
        warned_at -> Nullable<UtcTime>,
        last_confirmed_at -> Nullable<UtcTime>,
        open_for_interest -> Bool,
        trl_rank -> SmallInt,
        price_rank -> BigInt,
        translation -> Nullable<JsonDoc>,
        development_stage -> Nullable<Text>,
        trl_assessment -> Nullable<JsonDoc>,
        ip_rights -> JsonDoc,
        owners -> JsonDoc,
        funding -> Nullable<JsonDoc>,
        evidence -> JsonDoc,
        territories -> JsonDoc,
        vsic -> JsonDoc,
        nace -> JsonDoc,
        sdg -> JsonDoc,
        badges -> JsonDoc,
        completeness -> Nullable<SmallInt>,
        attachments -> JsonDoc,
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
        registered_only -> JsonDoc,
        whole -> Nullable<JsonDoc>,
        source -> Nullable<Text>,
        external_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        submitted_at -> Nullable<UtcTime>,
        published_at -> Nullable<UtcTime>,
        expires_at -> Nullable<UtcTime>,
        warned_at -> Nullable<UtcTime>,
        last_confirmed_at -> Nullable<UtcTime>,
        open_for_interest -> Bool,
        trl_rank -> SmallInt,
        budget_rank -> BigInt,
        translation -> Nullable<JsonDoc>,
        anonymous -> Bool,
        territories -> JsonDoc,
        vsic -> JsonDoc,
        nace -> JsonDoc,
        sdg -> JsonDoc,
        completeness -> Nullable<SmallInt>,
        attachments -> JsonDoc,
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
    revisions (item_id, version) {
        item_id -> Guid,
        version -> BigInt,
        content -> JsonDoc,
        fields -> JsonDoc,
        actor_id -> Nullable<Guid>,
        created_at -> UtcTime,
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
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    public_changes (kind, item_id) {
        kind -> Text,
        item_id -> Guid,
        changed_at -> UtcTime,
        gone -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTime;
    feed_head (id) {
        id -> SmallInt,
        changed_at -> UtcTime,
        forgotten_until -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    synonyms (id) {
        id -> Guid,
        words -> JsonDoc,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    saved_searches (id) {
        id -> Guid,
        user_id -> Guid,
        name -> Text,
        query -> JsonDoc,
        alert -> Text,
        alerted_at -> UtcTime,
        found -> JsonDoc,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTime;
    failed_logins (account) {
        account -> Text,
        full_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    confidential_parts (listing_id) {
        listing_id -> Guid,
        sections -> JsonDoc,
        version -> BigInt,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    confidential_grants (id) {
        id -> Guid,
        listing_id -> Guid,
        organization_id -> Guid,
        purpose -> Text,
        granted_by -> Guid,
        created_at -> UtcTime,
        expires_at -> UtcTime,
        revoked_at -> Nullable<UtcTime>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    confidential_views (id) {
        id -> Guid,
        listing_id -> Guid,
        organization_id -> Guid,
        user_id -> Guid,
        grant_id -> Nullable<Guid>,
        reason -> Nullable<Text>,
        created_at -> UtcTime,
        file_id -> Nullable<Guid>,
        file_name -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    attachments (id) {
        id -> Guid,
        holder -> Text,
        holder_id -> Guid,
        organization_id -> Guid,
        disclosure -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    incoming_files (id) {
        id -> Guid,
        begun_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    approaches (id) {
        id -> Guid,
        kind -> Text,
        subject_id -> Guid,
        title -> Text,
        sender_id -> Guid,
        receiver_id -> Guid,
        veiled -> Bool,
        interest -> Nullable<JsonDoc>,
        proposal -> Nullable<JsonDoc>,
        status -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        answer_by -> UtcTime,
        reminded_at -> Nullable<UtcTime>,
        ended_at -> Nullable<UtcTime>,
        sent_by -> Guid,
        answered_by -> Nullable<Guid>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        negotiation_id -> Nullable<Guid>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    negotiations (id) {
        id -> Guid,
        approach_id -> Guid,
        listing_id -> Nullable<Guid>,
        order_id -> Nullable<Guid>,
        title -> Text,
        transferor_id -> Guid,
        transferee_id -> Guid,
        status -> Text,
        head_seq -> BigInt,
        head_hash -> Text,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    negotiation_events (negotiation_id, seq) {
        negotiation_id -> Guid,
        seq -> BigInt,
        at -> UtcTime,
        kind -> Text,
        user_id -> Nullable<Guid>,
        organization_id -> Nullable<Guid>,
        data -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;
    negotiation_reads (negotiation_id, user_id) {
        negotiation_id -> Guid,
        user_id -> Guid,
        seq -> BigInt,
    }
}
table! {
    use diesel::sql_types::*;
    nda_templates (name, version) {
        name -> Text,
        version -> Integer,
        language -> Text,
        title -> Text,
        text -> Text,
        effective_from -> Date,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, UtcTime};
    ndas (id) {
        id -> Guid,
        negotiation_id -> Guid,
        offered_by -> Guid,
        status -> Text,
        template -> Nullable<Text>,
        template_version -> Nullable<Integer>,
        text -> Text,
        text_sha256 -> Text,
        valid_days -> Integer,
        first_side -> Nullable<Guid>,
        first_signatory -> Nullable<Guid>,
        first_signed_at -> Nullable<UtcTime>,
        second_signatory -> Nullable<Guid>,
        in_force_at -> Nullable<UtcTime>,
        expires_at -> Nullable<UtcTime>,
        ended_at -> Nullable<UtcTime>,
        grant_id -> Nullable<Guid>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, JsonDoc, UtcTime};
    offers (id) {
        id -> Guid,
        negotiation_id -> Guid,
        number -> Integer,
        offered_by -> Guid,
        previous_id -> Nullable<Guid>,
        terms -> JsonDoc,
        terms_sha256 -> Text,
        valid_until -> UtcTime,
        status -> Text,
        reason -> Nullable<Text>,
        made_by -> Guid,
        answered_by -> Nullable<Guid>,
        ended_at -> Nullable<UtcTime>,
        version -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
    }
}

joinable!(email_tokens -> users (user_id));
joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(api_keys -> organizations (organization_id));
joinable!(api_keys -> users (created_by));
joinable!(memberships -> organizations (organization_id));
joinable!(memberships -> users (user_id));
joinable!(invitations -> organizations (organization_id));
joinable!(invitations -> users (invited_by));
joinable!(verifications -> organizations (organization_id));
joinable!(listings -> organizations (organization_id));
joinable!(orders -> organizations (organization_id));
joinable!(confidential_grants -> organizations (organization_id));
joinable!(confidential_views -> organizations (organization_id));
joinable!(confidential_views -> users (user_id));
joinable!(negotiation_events -> users (user_id));
joinable!(ndas -> negotiations (negotiation_id));
joinable!(offers -> negotiations (negotiation_id));
allow_tables_to_appear_in_same_query!(
    users,
    email_tokens,
    sessions,
    refresh_tokens,
    second_factors,
    recovery_codes,
    api_keys,
    failed_logins,
    organizations,
    memberships,
    invitations,
    verifications,
    audit_log,
    outbox,
    jobs,
    idempotency_keys,
    reference_items,
    reference_versions,
    listings,
    orders,
    labels,
    revisions,
    reviews,
    public_changes,
    feed_head,
    synonyms,
    saved_searches,
    confidential_parts,
    confidential_grants,
    confidential_views,
    attachments,
    incoming_files,
    approaches,
    negotiations,
    negotiation_events,
    negotiation_reads,
    nda_templates,
    ndas,
    offers,
);
