"""Generated tables, as varied as the values allow."""

from hypothesis import strategies as st

from defog_metadata.catalog import Column, ForeignKey, Index, Table, TableKind, UniqueKey

KINDS: tuple[TableKind, ...] = ("table", "view", "materialized view", "foreign table")

# Ordinary names often enough to collide, and names that need care in keys, CSV and SQL.
names = st.one_of(
    st.sampled_from(["id", "orders", "Orders", "order lines", "sales", "public"]),
    st.sampled_from(["a.b", 'say "x"', '"', ".", "été", "日本", "a,b", "x#2", " pad "]),
    st.text(min_size=1, max_size=8),
)
texts = st.one_of(st.just(""), st.text(max_size=20))
definitions = st.one_of(
    st.just(""), st.lists(names, max_size=3).map(lambda it: f"select * from {', '.join(it)}")
)


@st.composite
def columns(draw: st.DrawFn) -> Column:
    return Column(
        name=draw(names),
        type=draw(st.sampled_from(["", "integer", "character varying(50)", "numeric(10,2)"])),
        nullable=draw(st.booleans()),
        default=draw(st.none() | texts),
        description=draw(texts),
        enum_values=draw(st.lists(texts, max_size=3).map(tuple)),
        common_values=draw(st.lists(texts, max_size=3).map(tuple)),
    )


def _some(of: tuple[str, ...], *, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    if not of:
        return st.just(())
    return st.lists(st.sampled_from(of), min_size=least, max_size=3).map(tuple)


@st.composite
def foreign_keys(draw: st.DrawFn, own: tuple[str, ...], table: str) -> ForeignKey:
    referring = draw(_some(own, least=1))
    return ForeignKey(
        columns=referring,
        referred_table=draw(st.just(table) | names),
        referred_columns=tuple(draw(names) for _ in referring),
        referred_schema=draw(st.just("") | names),
        name=draw(texts),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    name = draw(names)
    held = draw(st.lists(columns(), max_size=4).map(tuple))
    own = tuple(it.name for it in held)
    return Table(
        name=name,
        columns=held,
        schema=draw(st.just("") | names),
        database=draw(st.just("") | names),
        kind=draw(st.sampled_from(KINDS)),
        description=draw(texts),
        primary_key=draw(_some(own)),
        unique_keys=draw(st.lists(st.builds(UniqueKey, _some(own), texts), max_size=2).map(tuple)),
        foreign_keys=draw(st.lists(foreign_keys(own, name), max_size=2).map(tuple)) if own else (),
        indexes=draw(
            st.lists(st.builds(Index, names, _some(own), st.booleans()), max_size=2).map(tuple)
        ),
        row_estimate=draw(st.none() | st.integers(min_value=0)),
        definition=draw(definitions),
    )


catalogs = st.lists(tables(), max_size=5)
