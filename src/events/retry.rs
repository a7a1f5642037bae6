//! When a failed delivery is tried again: after 2, 4, 8 … seconds, at most hourly, for about a day.

/// After how many failures a delivery is given up and kept for the operator.
const GIVE_UP_AFTER: i32 = 32;
const LONGEST_WAIT: i64 = 3600;

/// Seconds until the next try after `failures` failures, or `None` when it is given up.
pub(super) fn wait_seconds(failures: i32) -> Option<i64> {
    (failures < GIVE_UP_AFTER)
        .then(|| 1_i64.checked_shl(failures.max(1).unsigned_abs()).map_or(LONGEST_WAIT, |s| s.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..=32).map(wait_seconds).collect();
        assert_eq!(waits[..4], [Some(2), Some(4), Some(8), Some(16)]);
        assert_eq!(waits[30], Some(3600));
        assert_eq!(waits[31], None);
        let total: i64 = waits.iter().flatten().sum();
        assert!((20 * 3600..30 * 3600).contains(&total), "{total}");
    }
}
