"""A botocore session and client for each call, used once against the fake Bedrock."""

import json

import botocore.session
from botocore.config import Config

BODY = json.dumps({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 8})


def unit(context):
    session = botocore.session.Session()
    session.set_credentials("leakbed", "leakbed")
    client = session.create_client(
        "sts",
        region_name="us-east-1",
        endpoint_url=context.bedrock_url,
        config=Config(retries={"max_attempts": 1}),
    )
    client.get_caller_identity()
