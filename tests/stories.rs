//! What is said of a story: whose words it rests on, what its weakest member is in by, and what the title of a column says.

use retold::article::{Article, DAY, Date, Provenance, Resolution};
use retold::cluster::{Role, Story};
use retold::config::Config;
use retold::constraints::{ConstraintKind, ConstraintLine, Constraints};
use retold::corpus::Corpus;
use retold::error::Place;
use retold::explain::{PlacedBy, Why, explain};
use retold::graph::PartKind;
use retold::language::Lang;
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse_constrained};
use retold::progress::Silent;

fn article(id: &str, outlet: &str, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        outlet: Some(OutletTable::shipped().normalise(outlet, None)),
        text: text.into(),
        lang: Lang::ENGLISH,
        ..Article::default()
    }
}

/// Runs with all articles in one story.
fn one_story(articles: Vec<Article>) -> Analysis {
    let lines: Vec<ConstraintLine> = articles
        .windows(2)
        .map(|pair| ConstraintLine {
            a: pair[0].id.clone(),
            b: pair[1].id.clone(),
            kind: ConstraintKind::Must,
            place: Place { file: "links.tsv".to_owned(), line: None },
        })
        .collect();
    run(articles, &lines)
}

fn run(articles: Vec<Article>, lines: &[ConstraintLine]) -> Analysis {
    let corpus = Corpus::new(articles).expect("few enough");
    let (constraints, _) = Constraints::resolve(lines, &corpus).expect("consistent");
    analyse_constrained(corpus, constraints, &OutletTable::shipped(), &Config::default(), &Silent)
        .expect("all in memory")
}

fn only(analysis: &Analysis) -> &Story {
    assert_eq!(analysis.stories.len(), 1);
    &analysis.stories[0]
}

const DIVERS: &str = "The harbour master of Elmford closed the old swing bridge on Tuesday after divers found a crack in its \
    northern pier. Forty lorries a day will have to take the road around the bay until a steel collar has been fitted by the \
    yard that built the bridge ninety years ago.";
const LORRIES: &str = "Lorry drivers in Elmford face a detour of eleven miles. Their only bridge is shut, and the shipyard that \
    is to mend the pier cannot say when it will have the steel for a collar, nor who is to pay.";
const SHOPS: &str = "Shopkeepers on the east side fear for their trade now that nobody can cross the water. A baker said that \
    half of her morning customers had stayed away since the barriers went up on the bridge.";
const COUNCIL: &str = "The council knew of rust in the pier two winters ago, papers show. An engineer asked for a survey by divers \
    and was told to wait for the budget, which came a year later without a line for it.";

#[test]
fn copies_sister_papers_and_printed_agencies_are_no_origins_of_their_own() {
    let first = Date { at: 22_341 * DAY, resolution: Resolution::Day, provenance: Provenance::Published };
    let later = Date { at: first.at + DAY, ..first };
    let analysis = one_story(vec![
        Article { date: Some(first), ..article("wsj", "The Wall Street Journal", DIVERS) },
        article("post", "New York Post", LORRIES),
        Article { date: Some(later), ..article("echo", "Saltmarsh Echo", DIVERS) },
        article("daily", "Kestrel Daily", &format!("ELMFORD (Reuters) - {SHOPS}")),
        article("mail", "Elmford Mail", SHOPS),
        article("wire", "Reuters", COUNCIL),
        Article {
            agency: Some("Reuters".to_owned()),
            ..article("herald", "The Elmford Herald", "Divers saw it first, a crack.")
        },
    ]);
    let story = only(&analysis);
    assert_eq!(story.outlets.len(), 7);
    assert_eq!(story.independent, ["News Corp", "Thomson Reuters"]);
}

#[test]
fn who_retells_what_an_outlet_was_told_has_that_outlet_as_origin() {
    let told = "officials told The Wall Street Journal";
    let closed = format!(
        "The old swing bridge at Elmford is to be torn down, {told}, and a tunnel under the bay will replace it."
    );
    let torn = format!(
        "A tunnel under the bay will replace the old swing bridge at Elmford, which is to be torn down, {told}."
    );
    let analysis = one_story(vec![
        article("a", "Kestrel Daily", &closed),
        article("b", "Saltmarsh Echo", &torn),
        article("c", "Elmford Mail", SHOPS),
    ]);
    assert_eq!(only(&analysis).independent, ["Elmford Mail", "News Corp"]);
}

#[test]
fn what_an_outlet_prints_alike_every_month_parts_its_articles_and_no_others() {
    let notice = |id: &str, outlet: &str, firm: &str, day: i64| Article {
        date: Some(Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published }),
        ..article(
            id,
            outlet,
            &format!("{firm} said its quarterly net profit rose, and that revenue and shares outstanding were higher."),
        )
    };
    let firms = ["Marl Foods", "Tarn Steel", "Fenwick Rail", "Ossel Glass", "Brae Timber"];
    let months = (1i64..).zip(firms).map(|(month, firm)| notice(firm, "Reuters", firm, month * 30));
    let same_day = [notice("a", "Reuters", "Quay Paper", 200), notice("b", "Reuters", "Holm Gas", 200)];
    let elsewhere = [notice("c", "Elmford Mail", "Loch Salt", 200)];
    let analysis = run(months.chain(same_day).chain(elsewhere).collect(), &[]);
    let part = |a: &str, b: &str| {
        let voice = |id: &str| analysis.voices.of[analysis.corpus.find(id).expect("an article").index()];
        let parts = analysis.scorer(&Config::default()).parts(voice(a), voice(b));
        parts.iter().find(|part| part.kind == PartKind::HouseStyle).map(|part| part.value)
    };
    assert!(part("a", "b").is_some_and(|value| value < 0));
    assert_eq!(part("a", "c"), None);
}

/// Two articles among filler that says which words are names, and what a part is worth between them.
fn part_between(a: Article, b: Article, kind: PartKind) -> Option<i64> {
    let lang = a.lang;
    let filler = [DIVERS, LORRIES, SHOPS, COUNCIL].iter().enumerate();
    let mut articles: Vec<Article> =
        filler.map(|(n, text)| Article { lang, ..article(&format!("filler{n}"), "Elmford Mail", text) }).collect();
    articles.extend([a, b]);
    let analysis = run(articles, &[]);
    let voice = |id: &str| analysis.voices.of[analysis.corpus.find(id).expect("an article").index()];
    let parts = analysis.scorer(&Config::default()).parts(voice("a"), voice("b"));
    parts.iter().find(|part| part.kind == kind).map(|part| part.value)
}

fn dated(day: i64, article: Article) -> Article {
    Article {
        date: Some(Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published }),
        ..article
    }
}

/// The results of a firm, in a form that every firm fills in.
fn results(id: &str, outlet: &str, firm: &str, chief: &str, place: &str) -> Article {
    article(
        id,
        outlet,
        &format!(
            "On Friday the board of {firm} in {place} said that quarterly profit rose by a tenth, that higher revenue came from \
             new customers abroad, and that a dividend would be paid to holders of ordinary shares before the end of autumn. \
             According to {chief}, who took over last winter, orders in hand are enough to keep every furnace, loom and press \
             of {firm} busy until spring; costs of fuel and freight have fallen, and debts were cut. Analysts had expected \
             less, and in early trading the shares of {firm} gained ground. The yard at {place} will hire again, {chief} said."
        ),
    )
}

fn results_of_marl() -> Article {
    results("a", "Kestrel Daily", "Marl Tarnfield Foods", "Oda Brandt", "Upper Wend")
}

fn results_of_another() -> Article {
    results("b", "Saltmarsh Echo", "Fenwick Ossel Rail", "Piet Loch", "Skerrin Holm")
}

/// Two pieces of news about one firm.
fn fire() -> Article {
    article(
        "a",
        "Kestrel Daily",
        "A fire in the rolling mill of Tarnfield Ossel burned all night before crews from three towns could put it out. Nobody was \
         hurt, but the roof of the oldest hall fell in and smoke drifted across gardens where families had hung their washing. \
         Tarnfield Ossel will look for the cause with an insurer; a cable that had been repaired twice is what the night watchman \
         suspects. Tarnfield Ossel hopes to roll steel again within weeks.",
    )
}

fn pension() -> Article {
    article(
        "b",
        "Saltmarsh Echo",
        "Retired clerks of Tarnfield Ossel went to court over pensions that were frozen eleven years ago. Their lawyer told the judge \
         that letters promised a yearly rise, while Tarnfield Ossel argued that no contract mentions one. A verdict is expected \
         after the holidays, and an appeal is likely whoever wins. Tarnfield Ossel has set money aside, its lawyers told the \
         bench, enough for half of what is claimed.",
    )
}

#[test]
fn one_form_with_other_names_loses_and_one_with_the_same_does_not() {
    let same = results("b", "Saltmarsh Echo", "Marl Tarnfield Foods", "Oda Brandt", "Upper Wend");
    let cut = Article { text: same.text.read().replace("Analysts had expected less, and in", "In").into(), ..same };
    assert!(part_between(results_of_marl(), results_of_another(), PartKind::OtherNames).is_some_and(|value| value < 0));
    assert_eq!(part_between(results_of_marl(), cut, PartKind::OtherNames), None);
}

#[test]
fn one_name_with_other_words_loses_unless_they_are_of_one_day() {
    let part = |a, b| part_between(dated(a, fire()), dated(b, pension()), PartKind::OtherWords);
    assert!(part(22_000, 22_060).is_some_and(|value| value < 0));
    assert_eq!(part(22_000, 22_000), None);
}

/// The same two pieces of news in German.
fn feuer() -> Article {
    article(
        "a",
        "Kestrel Daily",
        "Ein Feuer im Walzwerk von Tarnfeld Ossel hat bis zum Morgen gebrannt, ehe drei herbeigeeilte Wehren es löschen konnten. \
         Niemand wurde verletzt, doch das älteste Dach stürzte krachend ein, und beißender Rauch zog langsam über frisch gehängte \
         Wäsche. Nun will Tarnfeld Ossel gründlich klären, warum es brannte; verdächtigt wird ein zweimal notdürftig geflicktes \
         Kabel, das längst ersetzt werden sollte. Schon bald hofft Tarnfeld Ossel wieder walzen und liefern zu können, sagte eine \
         sichtlich müde Sprecherin von Tarnfeld Ossel.",
    )
}

fn renten() -> Article {
    article(
        "b",
        "Saltmarsh Echo",
        "Ehemalige Buchhalter klagen gegen Tarnfeld Ossel, weil versprochene Renten seit elf Jahren eingefroren sind. Ihr Anwalt trug \
         vor, man habe schriftlich zugesichert, jährlich zu erhöhen, während Tarnfeld Ossel bestreitet, jemals derartiges \
         unterschrieben zu haben. Geurteilt wird erst, wenn alle Zeugen gehört sind, und wer unterliegt, dürfte weiter streiten. \
         Vorsorglich hat Tarnfeld Ossel gespart, heißt es dort, was knapp halb reichen würde, falls Tarnfeld Ossel verliert und \
         sofort zahlen muss.",
    )
}

#[test]
fn nothing_is_taken_off_for_names_where_capitals_do_not_tell_them() {
    let parts = |code: &str| {
        let within = |article: Article| Article { lang: Lang::parse(code).expect("a language"), ..article };
        let apart = |a, b| (dated(22_000, within(a)), dated(22_060, within(b)));
        let ((fire, pension), (feuer, renten)) = (apart(fire(), pension()), apart(feuer(), renten()));
        [
            part_between(within(results_of_marl()), within(results_of_another()), PartKind::OtherNames),
            part_between(fire, pension, PartKind::OtherWords),
            part_between(feuer, renten, PartKind::OtherWords),
        ]
    };
    // Texts of other languages are taken for them: only what is known of the language differs. Each of the three would lose by
    // one of the parts.
    for code in ["en", "fr"] {
        assert!(parts(code).iter().any(|part| part.is_some_and(|value| value < 0)), "{code}: {:?}", parts(code));
    }
    for code in ["de", "lb", "vi"] {
        assert_eq!(parts(code), [None; 3], "{code}");
    }
}

#[test]
fn the_weakest_member_has_the_link_that_it_is_in_by() {
    let analysis = one_story(vec![
        article("a", "Kestrel Daily", DIVERS),
        article("b", "Saltmarsh Echo", LORRIES),
        article("c", "Elmford Mail", "Goats rang the bell of the school in Upper Wend, and parents came to see them."),
    ]);
    let story = only(&analysis);
    let (weakest, mean) = story.weakest.expect("three voices");
    assert_eq!(analysis.corpus.get(weakest).id, "c");
    assert_eq!(mean, 0);
    assert_eq!(story.link_of_weakest(), None, "only a must-link holds it");
    let tight = one_story(vec![article("a", "Kestrel Daily", DIVERS), article("b", "Saltmarsh Echo", LORRIES)]);
    let story = only(&tight);
    let link = story.link_of_weakest().expect("they share words");
    assert_eq!(Some(link.score), story.cohesion);
    assert_eq!(link.parts.iter().map(|part| part.value).sum::<i64>(), link.score);
}

/// A live blog of a day on which two things happened: `DIVERS` and `FERRIES`, entry by entry.
fn live_blog(id: &str) -> Article {
    let entries = [
        "08:10 The harbour master of Elmford has closed the old swing bridge after divers found a crack in its northern pier.",
        "09:25 Forty lorries will have to take the road around the bay until the yard that built the bridge has fitted a collar of steel.",
        "11:40 Ferry crews on the Tarn have begun a strike of three days over night shifts; no boat left Marlquay this morning.",
        "13:05 The union of the ferry crews says that night shifts on the Tarn have doubled, and that Marlquay was warned in spring.",
    ];
    Article {
        title: Some("Live updates: swing bridge shut at Elmford, ferry strike on the Tarn".to_owned()),
        ..article(id, "Kestrel Daily", &entries.join("\n\n"))
    }
}

const FERRIES: &str = "Ferry crews on the Tarn have begun a strike of three days over night shifts. No boat left Marlquay on Tuesday, \
    and the union says that it had warned the company in spring, when night shifts were doubled without more pay or rest.";

#[test]
fn a_live_blog_has_one_home_and_joins_no_two_stories() {
    let titled = |title: &str, article: Article| Article { title: Some(title.to_owned()), ..article };
    let analysis = run(
        vec![
            titled(
                "Swing bridge at Elmford closed after divers find a crack",
                article("bridge", "Saltmarsh Echo", DIVERS),
            ),
            titled("Ferry strike on the Tarn: no boat leaves Marlquay", article("ferries", "Elmford Mail", FERRIES)),
            live_blog("live"),
        ],
        &[],
    );
    let doc = |id: &str| analysis.corpus.find(id).expect("an article");
    let story = |id: &str| analysis.story_of(doc(id)).expect("it is in one");
    let blog =
        analysis.stories[story("live")].members.iter().find(|member| member.doc == doc("live")).expect("a member");
    assert_eq!(blog.role, Role::LiveBlog);
    assert_ne!(story("bridge"), story("ferries"));
    let (home, other) = if story("live") == story("bridge") { ("bridge", "ferries") } else { ("ferries", "bridge") };
    assert_eq!(story("live"), story(home));
    let related =
        |id: &str| analysis.stories[story(id)].related.iter().map(|related| related.story).collect::<Vec<_>>();
    assert_eq!((related(home), related(other)), (vec![story(other)], vec![story(home)]));

    let config = Config::default();
    let told = explain(&analysis, doc("live"), doc(home), &config);
    let [placed] = &told.live_blogs[..] else { panic!("one live blog: {:?}", told.live_blogs) };
    assert_eq!(
        (placed.id.as_str(), placed.by, placed.next.as_ref()),
        ("live", PlacedBy::Link, Some(&analysis.stories[story(other)].id))
    );
    assert!(
        placed.link >= Some(placed.least) && placed.link >= placed.next_link && placed.next_link >= Some(placed.least)
    );
    let why = |a: &str, b: &str| explain(&analysis, doc(a), doc(b), &config).apart.expect("two stories");
    assert_eq!(why("live", other).why, Why::LiveBlog);
    let reports = why(home, other);
    assert_eq!((reports.why, reports.voices), (Why::Link, [1, 1]), "the live blog has no say in it");
    assert!(reports.link < reports.least);
}

#[test]
fn live_blogs_of_what_nobody_else_reports_are_one_story() {
    let other = live_blog("other");
    let text = other
        .text
        .read()
        .replace("08:10 The harbour master of Elmford has closed", "08:15 Closed from today in Elmford is");
    let other = Article { text: text.replace("11:40 Ferry", "11:45 There is more: ferry").into(), ..other };
    let analysis = run(vec![live_blog("live"), other], &[]);
    assert_eq!(only(&analysis).members.len(), 2);
    let goats = article(
        "goats",
        "Elmford Mail",
        "Goats rang the bell of the school in Upper Wend, and parents came to see them.",
    );
    let analysis = run(vec![live_blog("live"), goats], &[]);
    let [live, goats] = ["live", "goats"].map(|id| analysis.corpus.find(id).expect("an article"));
    let told = explain(&analysis, live, goats, &Config::default());
    assert_eq!(told.live_blogs[0].by, PlacedBy::NoStory);
    assert_eq!(told.apart.expect("two stories").why, Why::Link);
}

#[test]
fn the_title_of_a_column_says_what_a_piece_is_and_counts_for_nothing() {
    let column = |id: &str, title: &str, text: &str| Article {
        title: Some(title.to_owned()),
        ..article(id, "Kestrel Daily", text)
    };
    let analysis = run(
        vec![
            column("a", "Morning briefing", DIVERS),
            column("b", "Morning briefing", SHOPS),
            column("c", "Morning briefing", COUNCIL),
            column("d", "Evening briefing: goats ring a bell", LORRIES),
            column(
                "e",
                "Evening briefing: ferries stand still",
                "Ferry crews on the Tarn have begun a strike of three days.",
            ),
            column("f", "Evening briefing: bees and the winter", "Beekeepers count their losses after a mild winter."),
        ],
        &[],
    );
    assert!(analysis.stories.iter().flat_map(|story| &story.members).all(|member| member.role == Role::RoundUp));
    let learned: Vec<&str> =
        analysis.survey.furniture.titles["Kestrel Daily"].iter().map(|title| title.text.as_str()).collect();
    assert_eq!(learned, ["Evening briefing", "Morning briefing"]);
    let of = |id: &str| analysis.voices.of[analysis.corpus.find(id).expect("an id").index()] as usize;
    assert!(analysis.vectors.title.row(of("a")).is_empty() && !analysis.vectors.title.row(of("d")).is_empty());
}
