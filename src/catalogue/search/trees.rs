//! Codes that stand in trees: a filter by one finds what lies below it in the reference list of the day, and the facets
//! count along the same tree. The index knows codes only, so a list that is loaded anew holds at once.

use std::collections::HashMap;

use crate::catalogue::reference::{parents, with_descendants};
use crate::db::{Conn, DbError};
use crate::kernel::clock::Day;
use crate::search::{Dimension, Facet, Filters};

/// Dimensions whose codes may stand below others.
const TREES: [Dimension; 5] =
    [Dimension::ResearchField, Dimension::Ipc, Dimension::Vsic, Dimension::Nace, Dimension::Province];
/// Those of which a document has one code at most: what is below a code adds up. Documents bring the levels of the others.
const ADDED_UP: [Dimension; 2] = [Dimension::ResearchField, Dimension::Province];
/// Levels a list may have.
const DEEPEST: usize = 16;

/// Whether the filters have to be widened.
pub(super) fn are_asked(filters: &Filters) -> bool {
    filters.labels.iter().any(|(dimension, _)| TREES.contains(dimension))
}

/// Adds the codes that lie below those that are filtered by.
pub(in crate::catalogue) fn widen(conn: &mut Conn, filters: &mut Filters, today: Day) -> Result<(), DbError> {
    for (dimension, codes) in &mut filters.labels {
        if TREES.contains(dimension) {
            *codes = with_descendants(conn, dimension.name(), codes, today)?;
        }
    }
    Ok(())
}

/// Counts with each code what lies below it.
pub(super) fn add_up(conn: &mut Conn, facets: &mut [Facet], today: Day) -> Result<(), DbError> {
    if facets.is_empty() {
        return Ok(());
    }
    let lists = ADDED_UP.map(Dimension::name);
    let parents = parents(conn, &lists, today)?;
    for facet in facets.iter_mut().filter(|facet| lists.contains(&facet.name)) {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (code, count) in facet.values.drain(..) {
            let above =
                std::iter::successors(Some(code), |code| parents.get(&(facet.name.to_owned(), code.clone())).cloned());
            for code in above.take(DEEPEST) {
                *counts.entry(code).or_default() += count;
            }
        }
        facet.values.extend(counts);
        facet.sort();
    }
    Ok(())
}
