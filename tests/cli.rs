//! The command line, by the README and the pages in `tests/cmd`: commands with what they print.

#[test]
fn commands_print_what_the_pages_say() {
    let cases = trycmd::TestCases::new();
    // Whatever the terminal that the tests are run in says.
    cases.env("COLUMNS", "100").env("NO_COLOR", "1");
    cases.case("README.md").case("tests/cmd/*.md");
}
