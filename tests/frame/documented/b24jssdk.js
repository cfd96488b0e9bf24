try
{
	const response = await $b24.callMethod(
		'event.offline.get',
		{
			'filter': {
				'=MESSAGE_ID': 1,
				'=EVENT_NAME': 'ONCRMLEADADD',
				'>=ID': 1
			}
		}
	);
	
	const result = response.getData().result;
	if (result.error()) {
		console.error(result.error());
	} else {
		console.dir(result);
	}
}
catch (error)
{
	console.error('Error:', error);
}
