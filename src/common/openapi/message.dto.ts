import { ApiProperty } from '@nestjs/swagger';

/** What an action answers that has nothing else to say. */
export class MessageDto {
  @ApiProperty({ example: 'Build task cancelled successfully' })
  message!: string;
}
