//! The command line, by the cases in `tests/cmd`: each is a page of commands with what they print.

#[test]
fn commands_print_what_the_pages_say() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
