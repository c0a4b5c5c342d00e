//! What `explain` says of a pair agrees with what the run decided, on every link of the invented newswire.

use std::path::Path;

use retold::article::DocId;
use retold::config::Config;
use retold::corpus::Corpus;
use retold::explain::{Explanation, Why, explain, near_ids};
use retold::ingest::{self, Input};
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse};
use retold::progress::Silent;

fn newswire(config: &Config) -> Analysis {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    let outlets = OutletTable::shipped();
    let intake = ingest::read(&[Input::Path(folder)], &config.ingest, &outlets, &Silent).expect("the newswire");
    analyse(Corpus::new(intake.articles).expect("few enough"), &outlets, config, &Silent).expect("all in memory")
}

/// What holds of every explanation.
fn check(e: &Explanation) {
    let pair = format!("{} and {}", e.a.id, e.b.id);
    if let Some(score) = &e.score {
        assert_eq!(score.parts.iter().map(|(_, part)| part.0).sum::<i64>(), score.total.0, "{pair}: parts add up");
    }
    assert_eq!(e.same_story, e.a.story == e.b.story, "{pair}");
    assert_eq!(e.same_story, e.apart.is_none(), "{pair}: one or the other");
    if e.same_story && !e.one_voice {
        let ends = (e.path.first().map(|step| &step.from), e.path.last().map(|step| &step.to));
        assert_eq!(ends, (Some(&e.a.speaker), Some(&e.b.speaker)), "{pair}: the path joins them");
        assert!(e.path.windows(2).all(|steps| steps[0].to == steps[1].from), "{pair}: without a gap");
    }
    if let Some(apart) = e.apart.as_ref().filter(|apart| apart.why == Why::Link) {
        assert_eq!(apart.link.0, apart.mean.0 - apart.looser.0 - apart.larger.0, "{pair}");
        assert!(apart.link < apart.least, "{pair}: kept apart by the rule");
        assert!(apart.mean < apart.needed, "{pair}: less than is needed");
    }
}

#[test]
fn explanations_agree_with_the_run() {
    let config = Config::default();
    let analysis = newswire(&config);
    assert!(analysis.graph.links.len() > 50);
    for link in &analysis.graph.links {
        let [a, b] = [link.a, link.b].map(|voice| analysis.voices.speakers[voice as usize]);
        let explanation = explain(&analysis, a, b, &config);
        check(&explanation);
        let score = explanation.score.expect("two voices of one language");
        assert!(score.linked && !score.by_speakers);
        assert_eq!(score.total.0.max(0), link.score, "the very score of the run");
    }
    let docs: Vec<DocId> = analysis.corpus.iter().map(|(doc, _)| doc).collect();
    for (a, b) in docs.iter().zip(docs.iter().cycle().skip(7)) {
        check(&explain(&analysis, *a, *b, &config));
    }
}

#[test]
fn shared_text_stands_where_it_is_said_to_stand() {
    let config = Config::default();
    let analysis = newswire(&config);
    let doc = |id: &str| analysis.corpus.find(id).expect("an id of the newswire");
    let (a, b) = (doc("courier-skerrin-closure"), doc("tribune-skerrin-submarines"));
    for (a, b) in [(a, b), (b, a)] {
        let explanation = explain(&analysis, a, b, &config);
        let quotes: Vec<_> = explanation.text.passages.iter().filter(|passage| passage.kind == "quote").collect();
        assert!(quotes.len() >= 4, "{quotes:?}");
        assert_eq!(explanation.text.quotations, 4);
        let words = |doc: DocId, [begin, end]: [u32; 2]| -> Vec<String> {
            let text = &analysis.corpus.text(doc)[begin as usize..end as usize];
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
        };
        for passage in &explanation.text.passages {
            assert_eq!(words(a, passage.a_bytes), words(b, passage.b_bytes));
        }
        assert!([&explanation.a, &explanation.b].iter().all(|told| told.credits[0].outlet == "The Harbour Ledger"));
    }
    assert_eq!(near_ids(&analysis.corpus, "tribune-skerin-depot").first(), Some(&"tribune-skerrin-depot"));
    assert!(near_ids(&analysis.corpus, "zzzzzzzzz").is_empty());
}
