"""What the parser can go on with: its states asked, nothing moved."""

from __future__ import annotations

from typing import Any

from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_parser_state import ParserState


def admits(state: ParserState[Any], terminal: str) -> bool:
    """Whether the parser can go on with `terminal`: its reductions are played through on the states alone."""
    step = state.parse_conf.states[state.state_stack[-1]].get(terminal)
    if step is None or step[0] is Shift:  # most often no reduction comes first
        return step is not None
    return _stack_after(state, terminal) is not None


def shifted(state: ParserState[Any], terminal: str) -> ParserState[Any] | None:
    """The parser's state after `terminal`, without values; None where it does not admit it."""
    stack = _stack_after(state, terminal)
    return None if stack is None else ParserState(state.parse_conf, state.lexer, stack, [])


def _stack_after(state: ParserState[Any], terminal: str) -> list[Any] | None:
    states = state.parse_conf.states
    stack = list(state.state_stack)
    while True:
        step = states[stack[-1]].get(terminal)
        if step is None:
            return None
        action, target = step
        if action is Shift:
            stack.append(target)
            return stack
        if target.expansion:
            del stack[-len(target.expansion) :]
        stack.append(states[stack[-1]][target.origin.name][1])
