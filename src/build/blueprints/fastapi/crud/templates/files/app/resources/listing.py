"""Lists: a page at a time, sorted and filtered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Comparison = Callable[[Any, Any], Any]
Item = TypeVar("Item", bound=BaseModel)


class ListQuery(BaseModel):
    """What every list takes; each resource adds its sorts and filters."""

    # A misspelled filter must not answer with everything.
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    sort: str = "created_at"

    comparisons: ClassVar[Mapping[str, tuple[str, Comparison]]] = {}
    """Name of a filter: the field it looks at and how."""

    @property
    def sort_field(self) -> str:
        """The field to sort by."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort.startswith("-")

    def filters(self) -> Iterator[tuple[str, Comparison, Any]]:
        """Field, comparison and value of every filter that was given."""
        for name, (field, comparison) in self.comparisons.items():
            value = getattr(self, name)
            if value is not None:
                yield field, comparison, value


class Page(BaseModel, Generic[Item]):
    """A part of a list, and how long the whole is."""

    items: list[Item]
    total: int
    limit: int
    offset: int


def page_of(
    schema: type[Item], found: tuple[Sequence[object], int], query: ListQuery
) -> Page[Item]:
    """The page in the form in which it goes out."""
    records, total = found
    items = [schema.model_validate(record) for record in records]
    return Page(items=items, total=total, limit=query.limit, offset=query.offset)
