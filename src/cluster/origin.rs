//! Who had a story first: the outlet that its articles credit, else the article that the others copied, else nobody knows.

use std::collections::BTreeMap;

use crate::article::DocId;
use crate::cluster::story::{Evidence, Member, Origin, Role};
use crate::copies::CopyGroup;
use crate::corpus::Corpus;
use crate::normalise::facts::LEAD;
use crate::normalise::{CreditForm, Normalised};
use crate::passages::Confidence;

/// The origin of a story, from its members in date order.
///
/// Every article that is nobody's copy has a say: it names the outlets that its lead credits. The outlet that most of them
/// name is the origin if at least a third do. Where nobody credits anybody, the root of a copy group is, if the group
/// holds at least half of the members and more than one outlet.
#[must_use]
pub fn origin(members: &[Member], groups: &[CopyGroup], corpus: &Corpus, normalised: &Normalised) -> Origin {
    let has_say = |role: Role| !matches!(role, Role::Copy | Role::PartialCopy | Role::Revision | Role::RoundUp);
    let mut said: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    let mut voices = 0;
    for member in members.iter().filter(|member| has_say(member.role)) {
        voices += 1;
        let mut named: Vec<&str> = Vec::new();
        for credit in normalised.facts(member.doc).credits.iter().filter(|c| c.form == CreditForm::Claim) {
            let in_lead = (credit.token as usize) < LEAD;
            if in_lead && !named.contains(&&*credit.outlet) {
                named.push(&credit.outlet);
                said.entry(&credit.outlet).or_default().push(Evidence { doc: member.doc, sentence: credit.sentence });
            }
        }
    }
    let mut ranked: Vec<(&str, Vec<Evidence>)> = said.into_iter().collect();
    ranked.sort_by(|a, b| {
        b.1.len().cmp(&a.1.len()).then_with(|| first(&a.1).cmp(&first(&b.1))).then_with(|| a.0.cmp(b.0))
    });
    let rivals = ranked.get(1).map_or(0, |(_, evidence)| evidence.len());
    if let Some((outlet, evidence)) = ranked.into_iter().next().filter(|(_, evidence)| evidence.len() * 3 >= voices) {
        let confidence = match evidence.len() {
            n if n >= 2 && rivals * 2 < n => Confidence::High,
            n if n > rivals => Confidence::Medium,
            _ => Confidence::Low,
        };
        let own = members.iter().map(|member| member.doc).find(|&doc| corpus.get(doc).outlet_name() == Some(outlet));
        return Origin::Credited { outlet: outlet.to_owned(), doc: own, evidence, confidence };
    }
    let outlets = |group: &CopyGroup| {
        let mut names: Vec<_> = group.members.iter().map(|&doc| corpus.get(doc).outlet_name()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    if let Some(group) = groups.iter().find(|g| g.members.len() * 2 >= members.len() && outlets(g) > 1) {
        return of_copies(group, members, corpus, normalised);
    }
    Origin::Undecided {
        reason: if members.len() == 1 {
            "one article, which credits no outlet"
        } else {
            "no outlet is credited by a third of the articles"
        },
    }
}

/// The outlet that the datelines of the copies of one text name, with the sentences: who wrote it.
pub(super) fn by_dateline<'a>(docs: &[DocId], normalised: &'a Normalised) -> Option<(&'a str, Vec<Evidence>)> {
    let mut said: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    for &doc in docs {
        for credit in normalised.facts(doc).credits.iter().filter(|c| c.form == CreditForm::Dateline) {
            let evidence = said.entry(&credit.outlet).or_default();
            // An article that names its agency at its head and at its foot says it once.
            if evidence.last().is_none_or(|last: &Evidence| last.doc != doc) {
                evidence.push(Evidence { doc, sentence: credit.sentence });
            }
        }
    }
    said.into_iter().max_by(|a, b| a.1.len().cmp(&b.1.len()).then_with(|| b.0.cmp(a.0)))
}

/// The agency that the datelines of a copy group name, else its earliest article.
fn of_copies(group: &CopyGroup, members: &[Member], corpus: &Corpus, normalised: &Normalised) -> Origin {
    let root_outlet = corpus.get(group.root).outlet_name();
    let doubtful =
        members.iter().any(|m| m.doc == group.root && m.doubtful_date) || corpus.get(group.root).date.is_none();
    let confidence = if doubtful { Confidence::Low } else { Confidence::Medium };
    match by_dateline(&group.members, normalised) {
        Some((outlet, evidence)) => {
            let own =
                members.iter().map(|member| member.doc).find(|&doc| corpus.get(doc).outlet_name() == Some(outlet));
            let agrees = root_outlet == Some(outlet) || evidence.len() >= 2;
            let confidence = if agrees { Confidence::High } else { confidence };
            Origin::Credited { outlet: outlet.to_owned(), doc: own, evidence, confidence }
        }
        None => Origin::Article { doc: group.root, confidence },
    }
}

fn first(evidence: &[Evidence]) -> Option<DocId> {
    evidence.iter().map(|e| e.doc).min()
}
