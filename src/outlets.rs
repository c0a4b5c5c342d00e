//! Outlet names: one table that turns domains, abbreviations and spellings into one name (`bbc.co.uk`, `BBC` and
//! `BBC News` are `BBC News`; `WSJ` is `The Wall Street Journal`) and says which publisher owns which outlet.
