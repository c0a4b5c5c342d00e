//! The command line, by the README and the pages in `tests/cmd`: commands with what they print.

#[test]
fn commands_print_what_the_pages_say() {
    trycmd::TestCases::new().case("README.md").case("tests/cmd/*.md");
}
