"""python3 with_httpx.py LIST FOLDER CONCURRENCY"""

import asyncio
import os
import sys

import httpx


async def main(urls, folder, concurrency):
    semaphore = asyncio.Semaphore(concurrency)
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(limits=limits) as client:

        async def download(url):
            async with semaphore:
                response = await client.get(url)
                response.raise_for_status()
            with open(os.path.join(folder, os.path.basename(url)), "wb") as file:
                file.write(response.content)

        await asyncio.gather(*map(download, urls))


with open(sys.argv[1]) as lines:
    urls = lines.read().splitlines()
asyncio.run(main(urls, sys.argv[2], int(sys.argv[3])))
