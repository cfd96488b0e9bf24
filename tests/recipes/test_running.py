"""The recipes of docs/ci.md by the real tools, which .ci/long/60-recipes.sh installs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.recipes.conftest import Run, finished, package, tool
from tests.recipes.page import FILES, written

pytestmark = pytest.mark.long

SCHEMAS = {
    "github/service.yml": "vendor.github-workflows",
    "github/command.yml": "vendor.github-workflows",
    "gitlab/.gitlab-ci.yml": "vendor.gitlab-ci",
    "compose/compose.yaml": "vendor.compose-spec",
}
PARSE = """
import com.sun.source.util.JavacTask;
import java.nio.file.Path;
import java.util.List;
import javax.tools.*;

public class Parse {
    public static void main(String[] files) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var found = new DiagnosticCollector<JavaFileObject>();
        var sources = compiler.getStandardFileManager(null, null, null)
            .getJavaFileObjects(Path.of(files[0]));
        ((JavacTask) compiler.getTask(null, null, found, null, null, sources)).parse();
        found.getDiagnostics().forEach(System.out::println);
        System.exit(found.getDiagnostics().isEmpty() ? 0 : 1);
    }
}
"""
USE = """
public class Use {
    public static void main(String[] arguments) throws Exception {
        try (Portal portal = new Portal(System.getenv("MOCK_BITRIX_URL"), "ci")) {
            portal.call("event.bind",
                "{\\"event\\": \\"ONCRMLEADADD\\", \\"event_type\\": \\"offline\\"}");
            portal.emit("{\\"event\\": \\"ONCRMLEADADD\\"}");
            System.out.println(portal.queue().contains("ONCRMLEADADD"));
            portal.call("event.offline.get", "{}");
            System.out.println(portal.queue());
        }
    }
}
"""


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_fits_its_published_schema(name: str, tmp_path: Path) -> None:
    written(tmp_path, name.partition("/")[0])
    file = tmp_path / name.partition("/")[2]
    check = [tool("check-jsonschema"), "--builtin-schema", SCHEMAS[name]]
    transform = ["--data-transform", "gitlab-ci"] if "gitlab" in name else []

    checked = finished(*check, *transform, str(file), cwd=tmp_path)
    file.write_text("nonsense: [1]\n")
    wrong = finished(*check, *transform, str(file), cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout
    assert wrong.returncode != 0


def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    written(tmp_path, "compose")

    checked = finished(
        tool("docker-compose"), "-f", "compose.yaml", "config", "--quiet", cwd=tmp_path
    )

    assert checked.returncode == 0, checked.stderr


def test_vitest_runs_its_recipe(tmp_path: Path, with_server: Run) -> None:
    vitest = package("vitest")
    written(tmp_path, "vitest")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(vitest.parent)

    ended = with_server(tool("node"), str(vitest / "vitest.mjs"), "run", "--reporter=json")

    told = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stdout
    assert (told["numPassedTests"], told["numTotalTests"]) == (2, 2)


def test_phpunit_runs_its_recipe(tmp_path: Path, with_server: Run) -> None:
    written(tmp_path, "phpunit")

    ended = with_server(tool("phpunit"), "--no-configuration", "WorkerTest.php")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "OK (2 tests, 4 assertions)" in ended.stdout


def test_the_python_recipe_fits_the_types_of_testcontainers(tmp_path: Path) -> None:
    pytest.importorskip("testcontainers", reason="needs testcontainers")
    written(tmp_path, "testcontainers-python")

    checked = finished(
        tool("mypy"), "--strict", "--follow-imports=silent", "conftest.py", cwd=tmp_path
    )

    assert checked.returncode == 0, checked.stdout


def test_the_node_recipe_fits_the_types_of_testcontainers(tmp_path: Path) -> None:
    testcontainers = package("testcontainers")
    written(tmp_path, "testcontainers-node")
    (tmp_path / "node_modules").symlink_to(testcontainers.parent)
    compiler = testcontainers.parent / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--skipLibCheck", "--types", "node"]
    module = ["--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022"]
    node = tool("node")

    checked = finished(node, str(compiler), *options, *module, "global-setup.ts", cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".java")])
def test_java_is_java(name: str, tmp_path: Path) -> None:
    tool("javac")
    written(tmp_path, "java")
    (tmp_path / "Parse.java").write_text(PARSE)

    checked = finished(tool("java"), "Parse.java", Path(name).name, cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_class_for_java_drives_a_portal(tmp_path: Path, with_server: Run) -> None:
    javac = tool("javac")
    written(tmp_path, "java")
    (tmp_path / "Use.java").write_text(USE)
    compiled = finished(javac, "-Xlint:all", "Portal.java", "Use.java", cwd=tmp_path)
    assert compiled.returncode == 0, compiled.stderr

    ended = with_server(tool("java"), "-cp", str(tmp_path), "Use")

    assert ended.stdout.split() == ["true", "[]"], ended.stderr


def test_nothing_is_skipped_where_everything_should_be_there() -> None:
    if "RECIPES_COMPLETE" not in os.environ:
        pytest.skip("a machine may lack some of the tools")
    for name in ("check-jsonschema", "docker-compose", "javac", "mypy", "node", "php", "phpunit"):
        tool(name)
    for name in ("vitest", "testcontainers", "typescript"):
        package(name)
