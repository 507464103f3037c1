from autograder.missing_requirements import main, missing_requirements


def test_what_is_installed_in_any_version_and_any_spelling_is_left_alone():
    text = (
        "# pins\nipython==9.18.1\nTyping_Extensions==4\nthing-a==1 ; sys_platform == 'win32'\n  # via x\nother[x]>=2\n"
    )
    assert missing_requirements(text, ["IPython", "typing-extensions"]) == [
        "thing-a==1 ; sys_platform == 'win32'",
        "other[x]>=2",
    ]


def test_the_command_prints_the_lines_that_pip_is_to_install(tmp_path, capsys):
    (tmp_path / "requirements.txt").write_text("numpy==1.0\nno-such-package-here==3.1\n")
    main([str(tmp_path / "requirements.txt")])
    assert capsys.readouterr().out == "no-such-package-here==3.1\n"
