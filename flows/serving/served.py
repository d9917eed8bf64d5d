"""A page as it is served: with a small script that loads it again, and with what is wrong with the data on top."""

import base64
import hashlib
import html

SCRIPT = (
    "const shown=document.currentScript.dataset.number;"
    "setInterval(async()=>{try{const now=await(await fetch('/.number')).text();"
    "if(now!==shown)location.reload()}catch{}},700)"
)
ALLOWED = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
POLICY, OPENED, CLOSED = b"default-src 'none';", b"<body>", b"</body>"
LAST_GOOD = "The data cannot be used as they are. Below is the last report that could be drawn."


def served(page: bytes, number: int, notice: str) -> bytes:
    """Return a published page as it is served; its policy allows this one script and no other.

    Args:
        page: The page as it would be published.
        number: Of what is shown; when the server has another, the page loads itself again.
        notice: What is wrong with the data; empty for nothing.
    """
    policy = f"{POLICY.decode()} script-src {ALLOWED}; connect-src 'self';".encode()
    if b"script-src " in page[: page.find(b"<title>")]:
        page = page.replace(b"script-src ", f"script-src {ALLOWED} ".encode(), 1)
        policy = f"{POLICY.decode()} connect-src 'self';".encode()
    script = f'<script data-number="{number}">{SCRIPT}</script>'.encode()
    page = page.replace(POLICY, policy, 1).replace(OPENED, OPENED + banner(notice), 1)
    head, _, tail = page.rpartition(CLOSED)
    return head + script + CLOSED + tail


def banner(notice: str) -> bytes:
    if not notice:
        return b""
    text = html.escape(f"{LAST_GOOD}\n{notice}")
    return f'<div role="alert" class="fault">{text}</div>'.encode("utf-8", "replace")
