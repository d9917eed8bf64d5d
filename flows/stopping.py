"""How work that owns a server is stopped: in order, whoever asks."""

import signal


def stop_as_by_ctrl_c() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal all end in KeyboardInterrupt, so that what was started is stopped.

    A shell's & has Ctrl-C ignored, and a service manager sends SIGTERM; nohup goes on keeping SIGHUP away.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
