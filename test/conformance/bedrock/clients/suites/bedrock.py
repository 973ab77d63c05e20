"""What the suites in Python ask the fake Bedrock for."""

import json

CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"
ARN = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{CLAUDE}"
REEL = "amazon.nova-reel-v1:0"


def messages_body(text):
    return json.dumps(
        {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 1000,
            "messages": [{"role": "user", "content": text}],
        }
    )
