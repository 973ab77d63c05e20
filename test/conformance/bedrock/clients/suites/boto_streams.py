"""boto3 as a program that streams on demand: each line of its input is a question as JSON, each line
of its output what came of it. Its waits between retries are left out, its rule which are made is not."""

import json
import sys

import boto3
import botocore.config
import botocore.retries.standard

botocore.retries.standard.ExponentialBackoff.delay_amount = lambda *_: 0.001
session = boto3.Session()


def streamed(url, model, prompt, patience_ms):
    """How many events came, and the error that ended them."""
    events, error = 0, None
    config = botocore.config.Config(read_timeout=patience_ms / 1000)
    client = session.client(
        "bedrock-runtime", endpoint_url=url, region_name="us-east-1", config=config,
        aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret",
    )
    try:
        messages = [{"role": "user", "content": [{"text": prompt}]}]
        for _ in client.converse_stream(modelId=model, messages=messages)["stream"]:
            events += 1
    except Exception as thrown:
        error = {"name": type(thrown).__name__, "message": str(thrown)}
    client.close()
    return {"events": events, "error": error}


for line in sys.stdin:
    print(json.dumps(streamed(**json.loads(line))), flush=True)
