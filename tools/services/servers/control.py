"""The commands a caller gives on standard input, such as `kill kafka`: each answered by one line."""

from typing import IO

from .server import Failed, Server


def obey(servers: dict[str, Server], commands: IO[str], answers: IO[str]) -> None:
    """Until the commands end."""
    for line in iter(commands.readline, ""):
        words = line.split()
        if words:
            print(_answer(servers, words), file=answers, flush=True)


def _answer(servers: dict[str, Server], words: list[str]) -> str:
    if len(words) != 2 or words[0] not in _COMMANDS:
        return f"failed: '{' '.join(words)}' is not one of: {', '.join(_COMMANDS)}, each with one server"
    command, name = words
    if name not in servers:
        return f"failed: there is no '{name}' here, only {', '.join(servers)}"
    server = servers[name]
    try:
        _COMMANDS[command](server)
    except Failed as failure:
        return "failed: " + " | ".join(str(failure).splitlines())
    return f"ok {name} pid={server.pid}"


def _start(server: Server) -> None:
    server.start()
    server.wait()


def _restart(server: Server) -> None:
    server.stop()
    _start(server)


_COMMANDS = {
    "start": _start,
    "stop": lambda server: server.stop(),
    "restart": _restart,
    "kill": lambda server: server.kill(),
    "freeze": lambda server: server.freeze(),
    "thaw": lambda server: server.thaw(),
    "pid": lambda server: None,
}
