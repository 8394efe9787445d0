"""What the user has stored in ``connection.json`` or ``config.json``."""

import json
import stat
from pathlib import Path

import pytest

from defog_metadata.errors import ConfigurationError
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.connections import stored_connection, write_connection

POSTGRES = {"host": "h", "port": 5432, "user": "u", "password": "geheim", "database": "d"}


def write(home: Path, name: str, content: object) -> Path:
    home.mkdir(exist_ok=True)
    path = home / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_nothing_stored(tmp_path: Path) -> None:
    assert stored_connection(tmp_path) is None
    assert stored_connection(tmp_path / "nowhere") is None


def test_connection_json(tmp_path: Path) -> None:
    content = {"api_key": "key", "db_type": "postgres", "db_creds": POSTGRES, "base_url": "x"}
    path = write(tmp_path, "connection.json", content)
    found = stored_connection(tmp_path)
    assert found is not None
    assert (found.db_type, dict(found.db_creds), found.api_key) == ("postgres", POSTGRES, "key")
    assert found.path == path


def test_the_home_folder_is_the_default(private_home: Path) -> None:
    path = write_connection(db_type="sqlite", db_creds={"database": "shop.db"})
    assert path == private_home / "defog" / "connection.json"
    found = stored_connection()
    assert found is not None
    assert dict(found.db_creds) == {"database": "shop.db"}


@pytest.mark.parametrize(
    ("config", "creds"),
    [
        (
            {
                "DB_TYPE": "postgres",
                "DB_HOST": "h",
                "DB_PORT": "5432",
                "DB_USER": "u",
                "DB_PASSWORD": "p",
                "DB_NAME": "d",
            },
            # The port stays text: the library hashes it so.
            {"host": "h", "port": "5432", "user": "u", "password": "p", "database": "d"},
        ),
        (
            {"DB_TYPE": "mysql", "DB_HOST": "h", "DB_NAME": "d", "DB_USER": "u", "DB_PASSWORD": ""},
            {"host": "h", "user": "u", "database": "d"},
        ),
        ({"DB_TYPE": "sqlite", "DATABASE_PATH": "shop.db"}, {"database": "shop.db"}),
        ({"DB_TYPE": "sqlite", "DB_PATH": "shop.db"}, {"database": "shop.db"}),
        ({"DB_TYPE": "duckdb", "DATABASE_PATH": "shop.duckdb"}, {"database": "shop.duckdb"}),
        (
            {"DB_TYPE": "sqlserver", "DB_HOST": "h", "DB_USER": "u", "DB_NAME": "d"},
            {"server": "h", "user": "u", "database": "d"},
        ),
        (
            {"DB_TYPE": "snowflake", "DB_ACCOUNT": "a", "DB_WAREHOUSE": "w", "DB_USER": "u"},
            {"user": "u", "account": "a", "warehouse": "w"},
        ),
        ({"DB_TYPE": "bigquery", "DB_KEY_PATH": "k.json"}, {"json_key_path": "k.json"}),
        (
            {"DB_TYPE": "databricks", "DB_HOST": "h", "DB_PATH": "/sql", "DB_TOKEN": "t"},
            {"server_hostname": "h", "http_path": "/sql", "access_token": "t"},
        ),
    ],
)
def test_config_json(tmp_path: Path, config: dict[str, str], creds: dict[str, str]) -> None:
    write(tmp_path, "config.json", config | {"OPENAI_API_KEY": "sk"})
    found = stored_connection(tmp_path)
    assert found is not None
    assert (found.db_type, dict(found.db_creds), found.api_key) == (config["DB_TYPE"], creds, None)


def test_connection_json_comes_first_unless_it_names_no_database(tmp_path: Path) -> None:
    write(tmp_path, "config.json", {"DB_TYPE": "sqlite", "DATABASE_PATH": "config.db"})
    path = write(tmp_path, "connection.json", {"api_key": "key", "db_type": None})
    found = stored_connection(tmp_path)
    assert found is not None
    assert dict(found.db_creds) == {"database": "config.db"}
    path.write_text('{"db_type": "sqlite", "db_creds": {"database": "connection.db"}}')
    found = stored_connection(tmp_path)
    assert found is not None
    assert dict(found.db_creds) == {"database": "connection.db"}


def test_a_config_without_a_database_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "config.json", {"OPENAI_API_KEY": "sk"})
    assert stored_connection(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("connection.json", "{", "is not valid JSON"),
        ("connection.json", "", "is not valid JSON"),
        ("connection.json", "[]", "must contain a JSON object"),
        ("connection.json", {"db_type": 5}, '"db_type" in .* must be text'),
        (
            "connection.json",
            {"db_type": "postgres", "db_creds": "host=h"},
            '"db_creds" in .* must be an object: {"host": ..., "port": ...',
        ),
        (
            "connection.json",
            {"db_type": "sqlite"},
            'names a sqlite database without "db_creds": {"database": ...}',
        ),
        (
            "connection.json",
            {"db_type": "sqlite", "api_key": 5, "db_creds": {}},
            '"api_key" in .* must be text',
        ),
        ("config.json", {"DB_TYPE": "postgres", "DB_HOST": "h"}, 'has no "DB_NAME"'),
        ("config.json", {"DB_TYPE": "sqlite"}, 'has no "DATABASE_PATH"'),
        ("config.json", {"DB_TYPE": "dbase"}, 'is "dbase"; it must be one of postgres'),
        ("config.json", "nonsense", "is not valid JSON"),
    ],
)
def test_bad_files_are_named_and_left_alone(
    tmp_path: Path, name: str, content: object, problem: str
) -> None:
    path = write(tmp_path, name, content)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=problem) as caught:
        stored_connection(tmp_path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


def test_secrets_are_not_in_what_is_shown(tmp_path: Path) -> None:
    write(
        tmp_path,
        "connection.json",
        {"db_type": "postgres", "db_creds": POSTGRES, "api_key": "schlüssel"},
    )
    found = stored_connection(tmp_path)
    assert "geheim" not in repr(found)
    assert "schlüssel" not in repr(found)


def test_written_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "defog"
    path = write_connection(db_type="postgres", db_creds=POSTGRES, api_key="key", home=home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert json.loads(path.read_bytes()) == {
        "db_type": "postgres",
        "db_creds": POSTGRES,
        "api_key": "key",
    }
    found = stored_connection(home)
    assert found is not None
    # The entry of this connection is the one that its credentials name.
    cache = MetadataCache(cache_dir=tmp_path)
    assert cache.generate_cache_key(
        db_type=found.db_type, db_creds=found.db_creds
    ) == cache.generate_cache_key(db_type="postgres", db_creds=POSTGRES)


def test_writing_keeps_what_else_the_file_says(tmp_path: Path) -> None:
    path = write(tmp_path, "connection.json", {"api_key": "key", "base_url": "x", "db_type": "m"})
    path.chmod(0o644)
    write_connection(db_type="postgres", db_creds=POSTGRES, home=tmp_path)
    assert json.loads(path.read_bytes()) == {
        "api_key": "key",
        "base_url": "x",
        "db_type": "postgres",
        "db_creds": POSTGRES,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "creds", "problem"),
    [
        ("{ not JSON", POSTGRES, "is not valid JSON"),
        ({"api_key": "key"}, {"database": Path("x")}, "may only contain text"),
    ],
)
def test_what_cannot_be_written_leaves_the_file(
    tmp_path: Path, content: object, creds: dict[str, object], problem: str
) -> None:
    path = write(tmp_path, "connection.json", content)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=problem):
        write_connection(db_type="postgres", db_creds=creds, home=tmp_path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"cannot be written .* DEFOG_HOME"):
        write_connection(db_type="sqlite", db_creds={}, home=tmp_path / "file" / "home")
