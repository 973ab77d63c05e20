"""A secure asyncio channel for each call, closed at its end; nothing needs to answer."""

import grpc


async def unit(_context):
    channel = grpc.aio.secure_channel("127.0.0.1:9", grpc.ssl_channel_credentials())
    await channel.close()
